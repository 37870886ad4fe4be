from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Use",
            fields=[
                ("who", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("minute", models.BigIntegerField(db_index=True)),
                ("requests", models.PositiveBigIntegerField()),
            ],
            options={"db_table": "hub_api_use"},
        ),
    ]
