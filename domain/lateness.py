"""Why a log came late: said in one press or in one's own words, if its student wants to; nobody is made to."""

from __future__ import annotations

from domain.reviews import CODE

# Ready reasons are kept by their codes, so that each reader reads them in their own language.
REASONS = ("ill", "shifts", "network", "family", "forgot")
LIMIT = 200  # characters of one's own words


def coded(reason: str) -> str | None:
    """Return the code of a ready reason; None for words that somebody wrote."""
    code = reason.removeprefix(CODE)
    return code if reason.startswith(CODE) and code in REASONS else None
