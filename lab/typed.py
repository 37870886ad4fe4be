"""How the learner types `lab` where they are: by its name in the lab's terminals, by its path elsewhere."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def lab() -> str:
    program = Path(sys.executable).with_name("lab")
    on_path = shutil.which("lab")
    if not program.exists() or (on_path and program.samefile(on_path)):
        return "lab"
    here = Path.cwd()
    return str(program.relative_to(here) if program.is_relative_to(here) else program)
