"""A report as JSON, for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from checks.report import SCHEMA, Report


def render(report: Report) -> str:
    return dump(report.to_dict())


def render_many(reports: Sequence[Report]) -> str:
    """Several units, in the order given."""
    return dump({"schema": SCHEMA, "reports": [report.to_dict() for report in reports]})


def dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
