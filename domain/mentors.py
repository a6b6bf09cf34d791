"""Mentors as the school that vouches for them sees them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor; `students` counts those of the school whose placement with them has not ended."""

    person_id: int
    name: str
    enterprise_id: int
    enterprise: str
    suspended: bool
    students: int
