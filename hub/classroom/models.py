"""The people of the one class of this hub, what came of their work, and how they got there."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from checks.classroom.person import Person
from checks.outcome import Outcome
from hub.classroom.text import folded

LONGEST = 255
LONGEST_EMAIL = 254
LONGEST_DOCKER_ID = 80  # of the real hub; checks.hub_api asks for none longer
LONGEST_UNIT = 64
PERSON_FIELDS = tuple(Person(key="", name="").to_dict())
STUCK_FROM = 2  # the same failure, this many times in a row


class MemberQuerySet(models.QuerySet["Member"]):
    def with_account(self) -> MemberQuerySet:
        return self.exclude(docker_id="")

    def search(self, text: str) -> MemberQuerySet:
        """Those that have every word, in any letters: of the name, the Docker ID, the e-mail or a number."""
        found = self
        for word in folded(text).split():
            found = found.filter(sought__contains=word)
        return found


class Member(models.Model):
    """A Person of the class. `number` is what a projected board calls them: it says nothing of the order."""

    key = models.CharField(max_length=LONGEST, unique=True)
    name = models.CharField(max_length=LONGEST)
    email = models.CharField(max_length=LONGEST_EMAIL, blank=True)
    username = models.CharField(max_length=LONGEST, blank=True)
    id_number = models.CharField(max_length=LONGEST, blank=True)
    lms_id = models.CharField(max_length=LONGEST, blank=True)
    section = models.CharField(max_length=LONGEST, blank=True)
    github = models.CharField(max_length=LONGEST, blank=True)
    docker_id = models.CharField(max_length=LONGEST_DOCKER_ID, blank=True)
    order = models.PositiveIntegerField(default=0)  # in the roster
    number = models.PositiveIntegerField(unique=True)
    sought = models.TextField(blank=True, editable=False)  # see `search`; begins with the name, to sort by
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)  # when they got the Docker ID
    claimed_by_code = models.BooleanField(default=False)  # else the teacher's list told it
    version = models.PositiveBigIntegerField(default=0)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["docker_id"], condition=~models.Q(docker_id=""), name="member_of_a_docker_id"
            )
        ]
        verbose_name = "pessoa da turma"
        verbose_name_plural = "pessoas da turma"

    def __str__(self) -> str:
        return self.name

    @property
    def person(self) -> Person:
        return Person(**{name: getattr(self, name) for name in PERSON_FIELDS})

    @property
    def alias(self) -> str:
        return f"aluno {self.number}"

    def refresh_sought(self) -> None:
        words = (self.name, self.docker_id, self.email, self.id_number, self.username)
        self.sought = folded(" ".join(words))


class Attempt(models.Model):
    """One way in which a unit was; the same failure again is told by `times`."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="attempts")
    unit = models.CharField(max_length=LONGEST_UNIT)
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=20)
    score = models.PositiveIntegerField()
    max_score = models.PositiveIntegerField()
    message = models.TextField(blank=True)  # of the first check not passed
    missed: models.JSONField[Any, Any] = models.JSONField(default=list)  # [rule, title] of each failed check
    signature = models.CharField(max_length=64)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["member", "unit", "-id"], name="attempts_newest_first")]

    def __str__(self) -> str:
        return f"{self.member_id}, {self.unit}: {self.outcome}"

    @property
    def kind(self) -> Outcome:
        return Outcome(self.outcome)


class Result(models.Model):
    """What is known of a unit of a member. An outage never takes the place of a grade; it is noted beside."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="results")
    unit = models.CharField(max_length=LONGEST_UNIT)
    outcome = models.CharField(max_length=20)
    score = models.PositiveIntegerField()
    max_score = models.PositiveIntegerField()
    is_gradable = models.BooleanField()
    checks: models.JSONField[Any, Any] = models.JSONField(default=list)
    message = models.TextField(blank=True)  # of the first check not passed
    missed: models.JSONField[Any, Any] = models.JSONField(default=list)  # as an Attempt's
    signature = models.CharField(max_length=64)  # which checks failed, and how
    evidence = models.CharField(max_length=64)  # on which facts that was decided
    times = models.PositiveIntegerField(default=0)  # the same failure, in a row; 0 when it is none
    attempt = models.ForeignKey(Attempt, on_delete=models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField()
    since = models.DateTimeField()  # when this outcome began
    passed_at = models.DateTimeField(null=True)  # for the first time
    unseen_at = models.DateTimeField(null=True)  # when a later look could not tell
    unseen_message = models.TextField(blank=True)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "unit"], name="result_of_a_unit")]
        indexes = [
            models.Index(fields=["version"], name="results_by_version"),
            models.Index(fields=["outcome", "times"], name="results_that_are_stuck"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}, {self.unit}: {self.outcome}"

    @property
    def kind(self) -> Outcome:
        return Outcome(self.outcome)

    @property
    def is_stuck(self) -> bool:
        return self.kind is Outcome.FAILED and self.times >= STUCK_FROM


class Newest(models.Model):
    """One row: the version of the newest change of the class. See hub.classroom.versions."""

    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)
