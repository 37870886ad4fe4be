"""A Python that has the packages of a list and no others, as a runner of GitHub or Gradescope has."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


def bare_python(folder: Path, requirements: str) -> Path:
    """The folder of its programs; the packages are links to this machine's own."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = next(folder.glob("lib/*/site-packages"))
    for name in re.findall(r"(?m)^[\w.-]+", requirements):
        try:
            files = distribution(name).files or ()
        except PackageNotFoundError:  # for another system
            continue
        for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            (packages / top).symlink_to(Path(str(distribution(name).locate_file(top))))
    return folder / "bin"
