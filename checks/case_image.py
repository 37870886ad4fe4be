"""The images that a case describes, in the words of Docker."""

from __future__ import annotations

from typing import Any

from checks.image import Image, Platform, RunConfig
from checks.table import Table

HERE = Platform("linux", "amd64")
_RUN_KEYS = {
    "cmd": "Cmd",
    "entrypoint": "Entrypoint",
    "env": "Env",
    "user": "User",
    "working_dir": "WorkingDir",
    "labels": "Labels",
    "exposed_ports": "ExposedPorts",
    "volumes": "Volumes",
}


def read_image(table: Table, name: str, item: Any) -> Image:
    entry = table.within(f"images.{name}", item)
    entry.only(("platform", "diff_ids", "run", "size", "history"))
    run = entry.within(f"images.{name}.run", entry.get("run", dict, {}))
    run.only(_RUN_KEYS)
    config = {_RUN_KEYS[key]: _as_docker(key, value) for key, value in run.data.items()}
    platform, layers = read_platform(entry), entry.texts("diff_ids")
    size = entry.points("size") if "size" in entry.data else None
    try:
        return Image(platform, layers, RunConfig.from_config(config), size, entry.texts("history"))
    except ValueError as error:
        raise run.complain(f"a configuração não serve: {error}.") from None


def read_platform(entry: Table) -> Platform:
    platform = Platform.parse(entry.get("platform", str, str(HERE)))
    if not platform.architecture:
        raise entry.complain('`platform` tem sistema e arquitetura, como em "linux/amd64".')
    return platform


def _as_docker(key: str, value: Any) -> Any:
    """Docker writes ports and volumes as the keys of an object; a case may write a list."""
    sets = key in ("exposed_ports", "volumes") and isinstance(value, list)
    return {str(item): {} for item in value} if sets else value
