"""How much trouble a run makes, and from which seed: a little in every run of the tests, much in `make test-faults`."""

from __future__ import annotations

import os
import random
from typing import TypeVar

T = TypeVar("T")

LONG = os.environ.get("SHIXI_FAULTS") == "long"
SEED = int(os.environ.get("SHIXI_FAULTS_SEED") or (random.SystemRandom().randrange(10**6) if LONG else 20261116))


def much(short: T, long: T) -> T:
    """The amount of this run."""
    return long if LONG else short


def dice(what: str) -> random.Random:
    """What decides about one part of a run; the seed is printed, so that a failure can be repeated with it."""
    print(f"SHIXI_FAULTS_SEED={SEED} ({what})")  # noqa: T201 - pytest shows it where the test fails
    return random.Random(f"{SEED} {what}")
