"""Log templates: the versions of what a class asks in its weekly logs; a version is written once and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.templates import USUAL, Templates, Version, parse
from storage.errors import AlreadyExists, Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from domain.templates import Template
    from storage.database import Transaction

_OF_WEEK = "SELECT t.{} FROM templates t WHERE t.class_id = {} AND t.valid_from <= {} ORDER BY t.number DESC LIMIT 1"
# The version that holds of a week: needs the parameters :class_id and :week.
OF_WEEK = _OF_WEEK.format("id", ":class_id", ":week")
# What is asked in the log of a moment's week: a condition about `mo`, `c` and `lo`, the log if it is begun.
OF_MOMENT = f"""CASE WHEN lo.id IS NULL THEN ({_OF_WEEK.format("content", "c.id", "mo.week")})
    ELSE (SELECT t.content FROM templates t WHERE t.id = lo.template_id) END"""
_VERSION = "SELECT t.number, t.valid_from, t.content FROM templates t WHERE t.class_id = :class_id "
_FIRST = Version(0, None, USUAL)


async def of_class(tx: Transaction, class_id: int, *, week: date) -> Templates:
    """Read the template of a class that the reader has been allowed to see: that of a week, and the newest."""
    newest = await tx.one(_VERSION + "ORDER BY t.number DESC LIMIT 1", class_id=class_id)
    if newest is None or newest["valid_from"] <= week:
        return Templates(_version(newest), _version(newest))
    held = "AND t.valid_from <= :week ORDER BY t.number DESC LIMIT 1"
    now = await tx.one(_VERSION + held, class_id=class_id, week=week)
    return Templates(_version(now), _version(newest))


def _version(row: Mapping[str, Any] | None) -> Version:
    return Version(row["number"], row["valid_from"], parse(row["content"])) if row else _FIRST


async def write(
    tx: Transaction, class_id: int, template: Template, *, after: int, valid_from: date, by: int, now: datetime
) -> None:
    """Write the version behind the one of the number `after`; raises `Conflict` where that is not the newest."""
    try:
        await tx.run(
            """INSERT INTO templates (class_id, number, valid_from, content, created_by, created_at)
            VALUES (:class_id, :number, :valid_from, :content, :by, :now)""",
            class_id=class_id,
            number=after + 1,
            valid_from=valid_from,
            content=template.content(),
            by=by,
            now=now,
        )
    except AlreadyExists:
        raise Conflict from None
