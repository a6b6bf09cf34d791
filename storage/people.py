"""People: found by their Telegram account together with what they are being asked, in one read."""

from __future__ import annotations

import json
from datetime import time
from typing import TYPE_CHECKING, Any

from domain.people import Draft, Language, Person, Role
from storage.database import found, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from storage.database import Transaction

_COLUMNS = """p.id, p.telegram_id, p.name, p.language, p.time_zone, p.reminder_time, p.agreed_version, p.stopped_at,
       p.keeps_all, p.digest_days,
       s.id AS student_id, s.class_id, s.suspended_at AS student_suspended_at,
       (SELECT count(*) FROM mentors m WHERE m.person_id = p.id AND m.suspended_at IS NULL) AS mentor,
       (SELECT count(*) FROM mentors m WHERE m.person_id = p.id AND m.suspended_at IS NOT NULL) AS mentor_out,
       (SELECT count(*) FROM coordinators c WHERE c.person_id = p.id AND c.suspended_at IS NULL) AS coordinator,
       (SELECT count(*) FROM coordinators c WHERE c.person_id = p.id AND c.suspended_at IS NOT NULL)
           AS coordinator_out,
       d.form, d.subject, d.step, d.version, d.answers"""
_FROM = """FROM people p
LEFT JOIN students s ON s.person_id = p.id
LEFT JOIN drafts d ON d.person_id = p.id AND d.active
"""
_SELECT = f"SELECT {_COLUMNS} {_FROM}"


def as_weekdays(digits: str) -> tuple[int, ...]:
    """Read weekdays (Monday is 0) as they are kept."""
    return tuple(map(int, digits))


def _person(row: Mapping[str, Any]) -> Person:
    is_student = row["student_id"] is not None
    student = is_student and row["student_suspended_at"] is None
    held = {Role.STUDENT: student, Role.MENTOR: row["mentor"], Role.COORDINATOR: row["coordinator"]}
    draft = None
    if row["form"] is not None:
        draft = Draft(row["form"], row["subject"], row["step"], row["version"], json.loads(row["answers"]))
    return Person(
        id=row["id"],
        telegram_id=row["telegram_id"],
        name=row["name"],
        language=Language(row["language"]),
        time_zone=row["time_zone"],
        reminder_time=time.fromisoformat(row["reminder_time"]) if row["reminder_time"] else None,
        agreed_version=row["agreed_version"],
        stopped_at=row["stopped_at"],
        roles=frozenset(role for role, has in held.items() if has),
        suspended=bool((is_student and not student) or row["mentor_out"] or row["coordinator_out"]),
        student_id=row["student_id"] if student else None,
        class_id=row["class_id"] if student else None,
        draft=draft,
        keeps_all=bool(row["keeps_all"]),
        digest_days=as_weekdays(row["digest_days"]),
    )


async def by_telegram_id(tx: Transaction, telegram_id: int) -> Person | None:
    """Find the person behind a Telegram user id, with roles and the active draft."""
    row = await tx.one(_SELECT + "WHERE p.telegram_id = :telegram_id", telegram_id=telegram_id)
    return _person(row) if row else None


async def by_id(tx: Transaction, person_id: int) -> Person:
    """Read a person; raises `NotFound`."""
    return _person(found(await tx.one(_SELECT + "WHERE p.id = :id", id=person_id)))


async def as_reader(tx: Transaction, person_id: int, card: str, subject: int) -> tuple[Person, int | None]:
    """Read a person, and which message shows them a card, in one; raises `NotFound`."""
    row = await tx.one(
        f"""SELECT {_COLUMNS}, ca.message_id AS shown_in {_FROM}
        LEFT JOIN cards ca ON ca.person_id = p.id AND ca.card = :card AND ca.subject = :subject WHERE p.id = :id""",
        id=person_id,
        card=card,
        subject=subject,
    )
    return _person(found(row)), found(row)["shown_in"]


async def meet(
    tx: Transaction, *, telegram_id: int, name: str, language: Language, time_zone: str, now: datetime
) -> Person:
    """Return the person behind a Telegram user id, created at their first message."""
    await tx.run(
        """INSERT INTO people (telegram_id, name, language, time_zone, created_at)
        VALUES (:telegram_id, :name, :language, :time_zone, :now) ON CONFLICT (telegram_id) DO NOTHING""",
        telegram_id=telegram_id,
        name=name,
        language=language.value,
        time_zone=time_zone,
        now=now,
    )
    return _person(found(await tx.one(_SELECT + "WHERE p.telegram_id = :telegram_id", telegram_id=telegram_id)))


async def set_language(tx: Transaction, person_id: int, language: Language) -> None:
    """Remember the language that the person chose."""
    await tx.run("UPDATE people SET language = :language WHERE id = :id", language=language.value, id=person_id)


async def set_time_zone(tx: Transaction, person_id: int, time_zone: str) -> None:
    """Remember the time zone, an IANA name."""
    await tx.run("UPDATE people SET time_zone = :zone WHERE id = :id", zone=time_zone, id=person_id)


async def set_reminder_time(tx: Transaction, person_id: int, at: time | None) -> None:
    """Remember when the person likes to be reminded; None for the default of the role."""
    text = at.isoformat("minutes") if at else None
    await tx.run("UPDATE people SET reminder_time = :at WHERE id = :id", at=text, id=person_id)


async def set_digest_days(tx: Transaction, person_id: int, days: Iterable[int]) -> None:
    """Remember on which weekdays a mentor hears of all that waits; at least one, at most three."""
    digits = "".join(map(str, sorted(days)))
    await tx.run("UPDATE people SET digest_days = :days WHERE id = :id", days=digits, id=person_id)


async def set_keeps_all(tx: Transaction, person_id: int, *, keeps: bool) -> None:
    """Remember whether whatever the person sends is kept for the week's log unasked."""
    await tx.run("UPDATE people SET keeps_all = :keeps WHERE id = :id", keeps=keeps, id=person_id)


async def rename(tx: Transaction, person_id: int, name: str) -> None:
    """Use the name that the person gave or the roster holds."""
    await tx.run("UPDATE people SET name = :name WHERE id = :id", name=name, id=person_id)


async def agree(tx: Transaction, person_id: int, *, version: int, now: datetime) -> None:
    """Record that the person agreed to this version of the privacy notice."""
    await tx.run(
        "UPDATE people SET agreed_version = :version, agreed_at = :now WHERE id = :id",
        version=version,
        now=now,
        id=person_id,
    )


async def set_stopped(tx: Transaction, person_id: int, at: datetime | None) -> None:
    """Record that the person stopped the bot in Telegram, or came back (None)."""
    await tx.run("UPDATE people SET stopped_at = :at WHERE id = :id", at=at, id=person_id)


async def helpers_of(tx: Transaction, person_id: int) -> list[str]:
    """Return the names of the coordinators whom a person can ask: of a student's class, of a mentor's schools."""
    rows = await tx.all(
        """SELECT p.name FROM people p JOIN class_coordinators cc ON cc.person_id = p.id
            JOIN students s ON s.class_id = cc.class_id
            JOIN coordinators k ON k.person_id = p.id AND k.school_id = s.school_id AND k.suspended_at IS NULL
            WHERE s.person_id = :person AND p.id <> :person
        UNION SELECT p.name FROM people p JOIN coordinators k ON k.person_id = p.id AND k.suspended_at IS NULL
            JOIN mentors m ON m.school_id = k.school_id WHERE m.person_id = :person AND p.id <> :person
        ORDER BY name""",
        person=person_id,
    )
    return [row["name"] for row in rows]


async def record_act(
    tx: Transaction, *, actor_id: int | None, act: str, subject_kind: str, subject_id: int, now: datetime
) -> None:
    """Record who (None: the command line) did what to another person's data, and when."""
    await new_id(
        tx,
        """INSERT INTO acts (at, actor_id, act, subject_kind, subject_id)
        VALUES (:now, :actor_id, :act, :subject_kind, :subject_id) RETURNING id""",
        now=now,
        actor_id=actor_id,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
    )


async def record_refusal(
    tx: Transaction, *, actor_id: int, what: str, subject_id: int, since: datetime, most: int, now: datetime
) -> bool:
    """Record that somebody tried to reach what is not theirs; False where `most` such rows are there since then."""
    row = await tx.one(
        "SELECT count(*) AS n FROM acts WHERE actor_id = :actor AND act = 'refused' AND at > :since",
        actor=actor_id,
        since=since,
    )
    if found(row)["n"] >= most:
        return False
    await record_act(tx, actor_id=actor_id, act="refused", subject_kind=what, subject_id=subject_id, now=now)
    return True
