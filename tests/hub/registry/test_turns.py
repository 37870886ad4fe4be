"""One process of the hub at a time follows the registry."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from hub.registry.turns import RECONCILE, only_one

pytestmark = pytest.mark.django_db(transaction=True)


def another_gets_it() -> bool:
    """Asked from another thread, which has a connection of its own, as another process would."""
    got: list[bool] = []

    def ask() -> None:
        try:
            with only_one(RECONCILE) as is_ours:
                got.append(is_ours)
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(10)
    return got == [True]


def test_the_turn_is_kept_until_the_end() -> None:
    many_processes = connection.vendor == "postgresql"
    with only_one(RECONCILE) as is_ours:
        assert is_ours
        assert another_gets_it() is not many_processes
    assert another_gets_it()


def test_the_turn_is_given_back_after_trouble() -> None:
    with pytest.raises(ZeroDivisionError), only_one(RECONCILE):
        raise ZeroDivisionError
    assert another_gets_it()
