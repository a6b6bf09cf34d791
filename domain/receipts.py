"""Receipts: the short number by which people name a log to each other, on the phone or on a slip of paper.

It is the log's own id with a check digit behind it, so nothing is kept, nothing is ever used twice, and a slip of the
tongue names no other log.
"""

from __future__ import annotations

import re
import unicodedata

SHORTEST = 4  # digits: less would be read as hours or an amount
_LONGEST = 9
_TYPED = re.compile(
    rf"(?:no|nr|#|receipt(?:no|number)?|log|周志|(?:回执)?(?:编号|号码|号)?)?[.:]?(?P<digits>\d{{{SHORTEST},{_LONGEST}}})号?"
)
# H. M. Damm's quasigroup of order 10 (2004): finds every single wrong digit and every two neighbours that were swapped.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def number_of(log_id: int) -> str:
    """Return the number of a log."""
    return f"{log_id}{_check(str(log_id))}".zfill(SHORTEST)


def log_of(typed: str) -> int | None:
    """Return the id of the log whose number somebody typed ("0174", "No. 0174", 编号0174); None for anything else."""
    said = re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)).casefold()
    found = _TYPED.fullmatch(said)
    digits = str(int(found["digits"])) if found else ""
    return int(digits[:-1]) if len(digits) > 1 and _check(digits) == 0 else None


def _check(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
