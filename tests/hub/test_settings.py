"""Settings come from the environment, and a bad one is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from checks import time_zone
from hub import environment as env


def hub(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`python -m hub …` with these variables and no others of the hub."""
    return subprocess.run(
        [sys.executable, "-m", "hub", *arguments],
        env={"HUB_DATA_DIR": str(tmp_path / "hub"), "PATH": "/usr/bin:/bin", **variables},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


@pytest.mark.parametrize("command", ["serve", "inbox", "migrate", "account"])
def test_nothing_starts_without_a_secret(tmp_path: Path, command: str) -> None:
    done = hub(tmp_path, command)
    assert done.returncode == 2
    assert "não começa sem um segredo" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"HUB_SECRET_KEY_FILE": "/nao/existe"}, "HUB_SECRET_KEY_FILE: esse arquivo não existe."),
        ({"HUB_SECRET_KEY_FILE": "/dev/null"}, "está vazio"),
        ({"HUB_DEBUG": "1", "HUB_SMTP_PORT": "correio"}, "HUB_SMTP_PORT precisa ser uma porta"),
        ({"HUB_DEBUG": "1", "HUB_RECONCILE_SECONDS": "0"}, "HUB_RECONCILE_SECONDS precisa ser um número"),
        ({"HUB_DEBUG": "1", "HUB_DATABASE_URL": "postgres://x:y/z"}, "uma porta que não é um número"),
        ({"HUB_DEBUG": "1", "HUB_DATA_DIR": "/dev/null/x"}, "não pôde usar a pasta /dev/null/x"),
        ({"HUB_DEBUG": "1", "HUB_PLAIN_BINDS": "127.0.0.1"}, "HUB_PLAIN_BINDS precisa de ENDEREÇO:PORTA"),
        ({"HUB_DEBUG": "1", "HUB_DATABASE_URL": "mysql://x/y"}, "HUB_DATABASE_URL precisa começar com"),
        ({"HUB_DEBUG": "1", "HUB_SMTP_PORT": "65536"}, "HUB_SMTP_PORT precisa ser uma porta"),
        ({"HUB_DEBUG": "1", "HUB_SMTP_TLS": "sim"}, "HUB_SMTP_TLS precisa ser um destes: none"),
        ({"HUB_DEBUG": "1", "HUB_SMTP_PASSWORD_FILE": "/nao/existe"}, "o arquivo de HUB_SMTP_PASSWORD_FILE"),
        ({"HUB_DEBUG": "1", "HUB_SMTP_USER": "hub"}, "Falta HUB_SMTP_PASSWORD_FILE"),
        ({"HUB_DEBUG": "1", "HUB_MAIL_FROM": "hub"}, "HUB_MAIL_FROM precisa ser um remetente"),
        ({"HUB_DEBUG": "1", "HUB_WEB_URL": "hub.escola.br"}, "HUB_WEB_URL precisa ser um endereço"),
        ({"HUB_DEBUG": "1", "HUB_WEB_URL": "https://hub.escola.br/x"}, "HUB_WEB_URL precisa ser um endereço"),
        ({"HUB_DEBUG": "1", "HUB_REGISTRY_URL": "ftp://x"}, "HUB_REGISTRY_URL precisa ser um endereço"),
        ({"HUB_DEBUG": "1", "HUB_REGISTRY_URL": "https://x:y"}, "HUB_REGISTRY_URL precisa ser um endereço"),
        ({"HUB_DEBUG": "1", "HUB_HOSTS": "*"}, "HUB_HOSTS precisa de nomes"),
        ({"HUB_DEBUG": "1", "HUB_TRUSTED_PROXIES": "proxy"}, "HUB_TRUSTED_PROXIES precisa de endereços IP"),
        ({"HUB_DEBUG": "1", "HUB_MAILBOX": "all"}, "HUB_MAILBOX precisa ser um destes"),
        ({"HUB_DEBUG": "1", "HUB_TIME_ZONE": "Marte"}, "HUB_TIME_ZONE precisa ser um fuso horário"),
        ({"HUB_DEBUG": "1", "HUB_PEOPLE_PER_ADDRESS": "muita"}, "HUB_PEOPLE_PER_ADDRESS precisa ser"),
    ],
)
def test_a_bad_variable_is_named(tmp_path: Path, variables: dict[str, str], sentence: str) -> None:
    done = hub(tmp_path, "check", **variables)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("bem-guardado\n", encoding="utf-8")
    done = hub(tmp_path, "check", "--fail-level", "WARNING", HUB_SECRET_KEY_FILE=str(tmp_path / "secret"))
    assert done.returncode == 0, done.stderr


def test_the_clock_of_the_pages_can_be_chosen(tmp_path: Path) -> None:
    shown = "from django.conf import settings; print(settings.TIME_ZONE)"
    chosen = {"HUB_DEBUG": "1", "HUB_TIME_ZONE": "America/Manaus"}
    assert hub(tmp_path, "shell", "-v", "0", "-c", shown, **chosen).stdout.strip() == "America/Manaus"
    assert settings.TIME_ZONE == time_zone.DEFAULT


def test_sqlite_waits_for_its_turn_to_write(tmp_path: Path) -> None:
    entry = env.database("", tmp_path)
    assert entry["NAME"] == str(tmp_path / "db.sqlite3")
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]


def test_postgres_takes_one_variable(tmp_path: Path) -> None:
    entry: dict[str, Any] = env.database("postgres://ana:a%40b@db.local:5433/hub?sslmode=require", tmp_path)
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"]) == ("hub", "ana", "a@b")
    assert (entry["HOST"], entry["PORT"]) == ("db.local", "5433")
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_an_unknown_scheme_does_not_show_the_password(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        env.database("mysql://ana:segredo@db/hub", tmp_path)
    assert "segredo" not in str(error.value)


@pytest.mark.parametrize("host", [*settings.PRACTICE_NAMES, "127.0.0.1:8888", "localhost:1"])
def test_practice_names_are_answered(db: None, host: str) -> None:
    assert Client(headers={"host": host}).get("/saude").json()["status"] == "ok"


def test_another_name_is_refused(db: None) -> None:
    assert Client(headers={"host": "example.com"}).get("/").status_code == 400


@pytest.mark.django_db
def test_migrations_tell_all_that_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
