"""Remarks: what a reviewer notes about a submission while reading it, and adds to an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.logs import Section
from domain.remarks import CHIPS, Phrase, Remarks, Voice
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from domain.logs import Review
    from storage.database import Transaction


# Remarks of every kind, as rows of one form: what it is, what it is about, its words, and a number: the id of a phrase,
# the seconds of a voice note.
_KINDS = """SELECT 'remark' AS kind, t.section AS about, t.text AS text, 0 AS number, '' AS media FROM remarks t {of}
    UNION ALL SELECT 'chip', '', t.code, 0, '' FROM chips t {of}
    UNION ALL SELECT 'phrase', '', t.text, t.phrase_id, '' FROM phrases_said t {of}
    UNION ALL SELECT 'voice', t.section, t.caption, t.seconds,
        (SELECT f.telegram_file_id FROM files f WHERE f.id = t.file_id) FROM voices t {of}"""
_NOTED = _KINDS.format(of="WHERE t.revision_id = :revision AND t.reviewer_id = :reviewer")
_OF_REVIEW = _KINDS.format(
    of="""JOIN reviews rv ON rv.revision_id = t.revision_id AND rv.reviewer_id = t.reviewer_id
    WHERE rv.id = :id AND rv.decision <> 'reopened'"""
)


# --- reading ----------------------------------------------------------------------------------------------------


async def noted(tx: Transaction, revision_id: int, reviewer_id: int) -> Remarks:
    """Read what a reviewer has noted about a submission so far."""
    return _as_remarks(await tx.all(_NOTED, revision=revision_id, reviewer=reviewer_id))


async def of_review(tx: Transaction, review: Review) -> Remarks:
    """Read what goes with a decision, which the reader has been allowed to read.

    Who opens a log again, perhaps after approving the same submission, remarks on nothing.
    """
    return _as_remarks(await tx.all(_OF_REVIEW, id=review.id))


def _as_remarks(rows: Sequence[Mapping[str, Any]]) -> Remarks:
    texts = {row["about"]: row["text"] for row in rows if row["kind"] == "remark"}
    codes = {row["text"] for row in rows if row["kind"] == "chip"}
    said = sorted((row["number"], row["text"]) for row in rows if row["kind"] == "phrase")
    heard = {row["about"]: row for row in rows if row["kind"] == "voice"}
    return Remarks(
        {section: texts[section.value] for section in Section if section.value in texts},
        tuple(code for code in CHIPS if code in codes),
        tuple(Phrase(number, text) for number, text in said),
        {
            section: Voice(row["media"], row["number"], row["text"])
            for section in (None, *Section)
            if (row := heard.get(section or "")) is not None
        },
    )


# --- noting -----------------------------------------------------------------------------------------------------


async def write(tx: Transaction, revision_id: int, reviewer_id: int, section: Section, text: str) -> None:
    """Keep a remark on a section, instead of the one there was."""
    await tx.run(
        """INSERT INTO remarks (revision_id, reviewer_id, section, text)
        VALUES (:revision, :reviewer, :section, :text)
        ON CONFLICT (revision_id, reviewer_id, section) DO UPDATE SET text = excluded.text""",
        revision=revision_id,
        reviewer=reviewer_id,
        section=section.value,
        text=text,
    )


async def drop(tx: Transaction, revision_id: int, reviewer_id: int, section: Section) -> None:
    """Take a remark on a section out again, written and said."""
    await tx.run(
        "DELETE FROM remarks WHERE revision_id = :revision AND reviewer_id = :reviewer AND section = :section",
        revision=revision_id,
        reviewer=reviewer_id,
        section=section.value,
    )
    await mute(tx, revision_id, reviewer_id, section)


async def speak(
    tx: Transaction,
    revision_id: int,
    reviewer_id: int,
    section: Section | None,
    *,
    file_id: int,
    seconds: int,
    caption: str = "",
) -> None:
    """Keep a voice note about a section, or the whole, instead of the one there was."""
    await tx.run(
        """INSERT INTO voices (revision_id, reviewer_id, section, file_id, seconds, caption)
        VALUES (:revision, :reviewer, :section, :file, :seconds, :caption)
        ON CONFLICT (revision_id, reviewer_id, section) DO UPDATE SET file_id = excluded.file_id,
            seconds = excluded.seconds, caption = excluded.caption""",
        revision=revision_id,
        reviewer=reviewer_id,
        section=_about(section),
        file=file_id,
        seconds=seconds,
        caption=caption,
    )


def _about(section: Section | None) -> str:
    return section.value if section else ""


async def mute(tx: Transaction, revision_id: int, reviewer_id: int, section: Section | None) -> None:
    """Take a voice note out again."""
    await tx.run(
        "DELETE FROM voices WHERE revision_id = :revision AND reviewer_id = :reviewer AND section = :section",
        revision=revision_id,
        reviewer=reviewer_id,
        section=_about(section),
    )


async def choose(tx: Transaction, revision_id: int, reviewer_id: int, code: str, *, chosen: bool) -> None:
    """Choose a ready remark, or leave it out; the same again changes nothing."""
    sql = "DELETE FROM chips WHERE revision_id = :revision AND reviewer_id = :reviewer AND code = :code"
    if chosen:
        sql = """INSERT INTO chips (revision_id, reviewer_id, code) VALUES (:revision, :reviewer, :code)
            ON CONFLICT (revision_id, reviewer_id, code) DO NOTHING"""
    await tx.run(sql, revision=revision_id, reviewer=reviewer_id, code=code)


async def say(tx: Transaction, revision_id: int, reviewer_id: int, phrase: Phrase) -> None:
    """Choose a phrase of the reviewer's own; the same again changes nothing."""
    await tx.run(
        """INSERT INTO phrases_said (revision_id, reviewer_id, phrase_id, text)
        VALUES (:revision, :reviewer, :phrase, :text) ON CONFLICT (revision_id, reviewer_id, phrase_id) DO NOTHING""",
        revision=revision_id,
        reviewer=reviewer_id,
        phrase=phrase.id,
        text=phrase.text,
    )


async def unsay(tx: Transaction, revision_id: int, reviewer_id: int, phrase_id: int) -> None:
    """Leave a phrase out again, also one that is deleted by now."""
    await tx.run(
        "DELETE FROM phrases_said WHERE revision_id = :revision AND reviewer_id = :reviewer AND phrase_id = :phrase",
        revision=revision_id,
        reviewer=reviewer_id,
        phrase=phrase_id,
    )


async def follow(tx: Transaction, log_id: int, number: int) -> None:
    """Bring what was noted about a submission that its student took back to the one that takes its place."""
    for table in ("remarks", "chips", "phrases_said", "voices"):
        await tx.run(
            f"""UPDATE {table} SET revision_id = (SELECT n.id FROM revisions n WHERE n.log_id = :log
                AND n.number = :number)
            WHERE revision_id IN (SELECT r.id FROM revisions r WHERE r.log_id = :log AND r.number = :earlier
                AND r.withdrawn_at IS NOT NULL)""",
            log=log_id,
            number=number,
            earlier=number - 1,
        )


# --- with an approval -------------------------------------------------------------------------------------------


async def rate(tx: Transaction, review: Review, stars: int | None) -> None:
    """Give an approval stars, or none; raises `Conflict` where it has been undone."""
    sql = "UPDATE reviews SET stars = :stars WHERE id = :id AND decision IN ('approved', 'passed')"
    if not await tx.run(sql, stars=stars, id=review.id):
        raise Conflict


async def confirm_hours(tx: Transaction, review: Review, hours: float | None) -> None:
    """Confirm the hours with an approval, or leave them open; raises `Conflict` where it has been undone."""
    sql = "UPDATE reviews SET hours = :hours WHERE id = :id AND decision IN ('approved', 'passed')"
    if not await tx.run(sql, hours=hours, id=review.id):
        raise Conflict
