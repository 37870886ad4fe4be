"""Runs every test of the hub on PostgreSQL: `python -m tests.hub.whole_on_postgres [words for pytest]`.

`make testes` runs the stories that a database may tell otherwise (test_postgres.py); this runs all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.hub.postgres import database_url, postgres

HERE = Path(__file__).parent
# They start a server of their own, or hubs on both databases.
THEIR_OWN_SERVER = ("test_postgres.py",)


def main(words: Sequence[str]) -> int:
    with postgres() as folder:
        environment = os.environ | {"HUB_DATABASE_URL": database_url(folder)}
        left_out = [f"--ignore={HERE / name}" for name in THEIR_OWN_SERVER]
        command = [sys.executable, "-m", "pytest", str(HERE), *left_out, *words]
        return subprocess.run(command, env=environment, cwd=HERE.parents[1], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
