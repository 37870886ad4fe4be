"""A learner graded as on the real Docker Hub, by what anyone sees: `python public_grades.py NAME UNIT…`."""

import asyncio
import json
import sys

from checks.classroom.grading import Graded, grade_one
from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.remote import public_forms
from checks.classroom.session import Way, opened
from checks.unit import load_unit


async def graded(name: str, ids: list[str]) -> Graded:
    units = public_forms(map(load_unit, ids), Models({}))
    async with opened(Way()) as source:
        return await grade_one(Person(name, name, docker_id=name), units, source, 15.0)


found = asyncio.run(graded(sys.argv[1], sys.argv[2:]))
print(json.dumps([report.to_dict() for report in found.reports]))
