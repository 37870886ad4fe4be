"""The two ways an engine keeps images; every verdict must be the same on both."""

from pathlib import Path

import pytest

ENGINE = Path(__file__).parent.parent / ".cache" / "engine-containerd"  # setup/newer-engine.sh puts it there
CLASSIC: dict[str, str] = {}
CONTAINERD = {"LAB_ENGINE_PATH": str(ENGINE), "LAB_ENGINE_STORE": "containerd"}
BOTH = [
    pytest.param(CLASSIC, id="classic"),
    pytest.param(CONTAINERD, id="containerd", marks=pytest.mark.containerd),
]
