"""Data files about Docker Hub that tests compare with; they live beside the repository, never in it."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "shared" / "facts"
VECTORS = FOLDER / "reference-vectors.json"
OPENAPI = FOLDER / "hub-openapi.yaml"
ABSENT = "beside the repository"  # in the reason of every skip for want of them


def schemas() -> dict[str, Any]:
    """Of Docker Hub's API; the test is skipped where they are not."""
    if not OPENAPI.exists():
        pytest.skip(f"no {OPENAPI.name} {ABSENT}")
    return _schemas()


@cache
def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))["components"]["schemas"]
    return found
