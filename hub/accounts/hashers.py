"""The slow hash of passwords: Argon2id with what OWASP asks, light enough for a learner's machine."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class LabArgon2(Argon2PasswordHasher):
    # Django's own figures take 100 MB and eight threads for each sign-in.
    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
