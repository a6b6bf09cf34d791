"""Log templates of classes, written through the storage as the room does, with any week they are to hold from."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.logs import Section
from domain.templates import USUAL, Question, Template
from storage import templates

RULE = "Which safety rule did you need?"
ASKS_RULE = USUAL.with_question(Section.EXTRA1, Question(RULE, required=True))


async def set_template(world: Any, school: Any, template: Template, *, valid_from: date = date(2026, 11, 16)) -> None:
    """Let a class ask this of the weeks from a Monday on."""

    async def work(tx):
        row = await tx.one("SELECT count(*) AS n FROM templates WHERE class_id = :id", id=school.class_id)
        await templates.write(
            tx,
            school.class_id,
            template,
            after=row["n"],
            valid_from=valid_from,
            by=school.coordinator.id,
            now=world.clock(),
        )

    await world.database.transaction(work)
