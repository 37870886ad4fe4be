from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("repositories", "0004_lists_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="repository",
            name="push_allowed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
