"""Data files about Docker Hub that tests compare with; they live beside the repository, never in it."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "shared" / "facts"
VECTORS = FOLDER / "reference-vectors.json"
OPENAPI = FOLDER / "hub-openapi.yaml"
