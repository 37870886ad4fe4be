"""A grader that was carried elsewhere: a shell with nothing of this machine but the way to the lab's hub."""

import subprocess
from pathlib import Path

from tests.real_lab import Lab

# As GitHub runs `shell: bash`:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")


def elsewhere(
    lab: Lab, command: list[str], folder: Path, programs: Path, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Runs in a folder inside the lab, whose registry stands for Docker Hub; no other variable is there."""
    given = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", **variables}
    own = [f"{name}={value}" for name, value in given.items()]
    trust = f"SSL_CERT_FILE={lab.home / 'ca' / 'bundle.pem'}"
    return lab.run(["env", "-i", f"--chdir={folder}", trust, *own, *command])
