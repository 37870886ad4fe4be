"""The vocabulary of the checks: every module here is a family of rules, found by being here."""

from importlib import import_module
from pkgutil import iter_modules

from checks.rules.base import RULES, Rule, Verdict

for _family in iter_modules(__path__):
    import_module(f"{__name__}.{_family.name}")

__all__ = ["RULES", "Rule", "Verdict"]
