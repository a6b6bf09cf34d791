"""Drafts: what each person is being asked. One form is active and gets free text; the others wait."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from domain.people import Draft
from storage.database import found

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Transaction


_COLUMNS = "form, subject, step, version, answers"

# What the subject of a form is; forms that are not named here are about nothing and have 0.
ABOUT: Mapping[str, str] = {
    "announcing": "announcements",
    "application": "applications",
    "application_confirm": "applications",
    "apply": "posts",
    "edit_class": "classes",
    "excuse": "placements",
    "join": "invitations",
    "late": "logs",
    "log": "logs",
    "new_class": "schools",
    "new_enterprise": "schools",
    "place": "students",
    "placement_end": "placements",
    "post_edit": "posts",
    "pulse": "placements",
    "question": "questions",
    "removal_why": "removals",
    "review": "logs",
    "school_number": "schools",
    "sos": "sos_calls",
    "sos_close": "sos_calls",
    "students": "classes",
    "template_question": "classes",
}


def _draft(row: Mapping[str, Any]) -> Draft:
    return Draft(row["form"], row["subject"], row["step"], row["version"], json.loads(row["answers"]))


async def activate(
    tx: Transaction,
    person_id: int,
    form: str,
    *,
    subject: int = 0,
    step: str,
    answers: dict[str, Any] | None = None,
    now: datetime,
) -> Draft:
    """Open a form at a step, or move on in it; it becomes the active one and its version grows.

    `answers` replace the kept ones; None leaves them as they are.
    """
    values = {
        "person": person_id,
        "form": form,
        "subject": subject,
        "step": step,
        "answers": None if answers is None else json.dumps(answers, ensure_ascii=False),
        "now": now,
    }
    row = await tx.one(  # most often somebody moves on in the form that is active already
        f"""UPDATE drafts SET step = :step, version = version + 1, answers = COALESCE(:answers, answers),
            updated_at = :now
        WHERE person_id = :person AND form = :form AND subject = :subject AND active RETURNING {_COLUMNS}""",
        **values,
    )
    if row is None:
        await pause(tx, person_id)
        row = await tx.one(
            f"""INSERT INTO drafts (person_id, form, subject, step, active, answers, updated_at)
            VALUES (:person, :form, :subject, :step, TRUE, COALESCE(:answers, '{{}}'), :now)
            ON CONFLICT (person_id, form, subject) DO UPDATE SET step = excluded.step, active = TRUE,
                version = drafts.version + 1, answers = COALESCE(:answers, drafts.answers),
                updated_at = excluded.updated_at
            RETURNING {_COLUMNS}""",
            **values,
        )
    return _draft(found(row))


def move_on(tx: Transaction, person_id: int, draft: Draft, *, step: str, now: datetime) -> Draft:
    """Go to another step of the form that is active, by all that this unit knows; nothing where it is not any more."""
    tx.later(
        """UPDATE drafts SET step = :step, version = version + 1, updated_at = :now
        WHERE person_id = :person AND form = :form AND subject = :subject AND active""",
        person=person_id,
        form=draft.form,
        subject=draft.subject,
        step=step,
        now=now,
    )
    return replace(draft, step=step, version=draft.version + 1)


async def get(tx: Transaction, person_id: int, form: str, subject: int = 0) -> Draft | None:
    """Read a person's draft of a form, active or waiting."""
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM drafts
        WHERE person_id = :person AND form = :form AND subject = :subject""",
        person=person_id,
        form=form,
        subject=subject,
    )
    return _draft(row) if row else None


async def waiting(tx: Transaction, person_id: int) -> list[Draft]:
    """List the forms that a person has left open, the newest first."""
    rows = await tx.all(
        f"""SELECT {_COLUMNS} FROM drafts
        WHERE person_id = :person AND NOT active ORDER BY updated_at DESC""",
        person=person_id,
    )
    return [_draft(row) for row in rows]


async def pause(tx: Transaction, person_id: int) -> None:
    """Let no form be active; what was answered stays."""
    await tx.run("UPDATE drafts SET active = FALSE WHERE person_id = :person AND active", person=person_id)


async def close(tx: Transaction, person_id: int, form: str, subject: int = 0) -> None:
    """Forget a form that is finished or given up."""
    tx.later(
        "DELETE FROM drafts WHERE person_id = :person AND form = :form AND subject = :subject",
        person=person_id,
        form=form,
        subject=subject,
    )


async def close_all(tx: Transaction, person_id: int, form: str) -> None:
    """Forget whatever a person was asked in this form, about every subject."""
    await tx.run("DELETE FROM drafts WHERE person_id = :person AND form = :form", person=person_id, form=form)


async def forget_about(tx: Transaction, table: str, subject: int) -> None:
    """Forget whatever anybody was being asked about a record that goes."""
    for form in (form for form, records in ABOUT.items() if records == table):
        await tx.run("DELETE FROM drafts WHERE form = :form AND subject = :subject", form=form, subject=subject)
