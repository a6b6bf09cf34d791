"""The invariants of the database: what holds after every transaction, whatever happened to the program.

`docs/invariants.md` lists them for people. `shixi check`, the fuzzer and the fault suite ask `violations`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storage.invariant import Invariant, Rows, Violation, ids_of
from storage.invariants_of_care import CARE
from storage.invariants_of_people import APPLICATIONS, INVITATIONS, SCHOOLS
from storage.invariants_of_program import ANNOUNCEMENTS, FORMS_AND_CARDS, PROGRAM
from storage.invariants_of_removal import REMOVAL
from storage.invariants_of_rounds import LOGS, PLACEMENTS, REVIEWS, TEMPLATES

if TYPE_CHECKING:
    from storage.database import Transaction

__all__ = ["INVARIANTS", "Invariant", "Violation", "violations"]

INVARIANTS: tuple[Invariant, ...] = (
    *SCHOOLS,
    *INVITATIONS,
    *APPLICATIONS,
    *PLACEMENTS,
    *TEMPLATES,
    *LOGS,
    *REVIEWS,
    *CARE,
    *REMOVAL,
    *ANNOUNCEMENTS,
    *FORMS_AND_CARDS,
    *PROGRAM,
)
_ZONES = timedelta(days=2)  # a day before which it is nowhere any more


async def violations(tx: Transaction, *, now: datetime | None = None) -> list[Violation]:
    """Find what breaks the invariants, in the order of `INVARIANTS`; without `now` what is still to come is not asked.

    It reads whole tables: for administrators and tests, not on the way of an update.
    """
    found: list[Violation] = []
    for invariant in INVARIANTS:
        if ":day" in invariant.sql and now is None:
            continue
        day = {"day": (now - _ZONES).date()} if ":day" in invariant.sql and now else {}
        rows: Rows = await tx.all(invariant.sql, **day)
        if invariant.narrow is not None and rows:
            rows = await invariant.narrow(tx, rows, now)
        found += [Violation(invariant.name, ids_of(row)) for row in rows]
    return found
