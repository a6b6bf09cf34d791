"""Announcements: kept as drafts by their author and sent once; how they fare is in `announcement_progress`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.announcements import Announcement, Audience, State
from storage import files, outbox
from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.database import Transaction

AUTHORS_CARD = "announcing"  # what the author sees: the draft, then how far it has come
READERS_CARD = "announcement"
AGAIN_CARD = "announcement_again"  # the reader's card, as a reminder

_COLUMNS = """a.id, a.school_id, k.name AS school, a.author_id, p.name AS author, a.text, a.file_id, a.audience,
    a.acknowledge, a.state, a.version, a.sent_at"""
_JOINS = "JOIN schools k ON k.id = a.school_id JOIN people p ON p.id = a.author_id "
# An author has what was written for a school while they coordinate it: needs the parameter :author.
_OWN = """a.author_id = :author AND EXISTS (SELECT 1 FROM coordinators mine WHERE mine.person_id = :author
    AND mine.school_id = a.school_id AND mine.suspended_at IS NULL)"""


async def _announcement(
    tx: Transaction, row: Mapping[str, Any], acknowledged_at: datetime | None = None
) -> Announcement:
    return Announcement(
        id=row["id"],
        school_id=row["school_id"],
        school=row["school"],
        author_id=row["author_id"],
        author=row["author"],
        text=row["text"],
        file=await files.get(tx, row["file_id"]) if row["file_id"] is not None else None,
        audience=Audience.load(row["audience"]),
        acknowledge=bool(row["acknowledge"]),
        state=State(row["state"]),
        version=row["version"],
        sent_at=row["sent_at"],
        acknowledged_at=acknowledged_at,
    )


# --- writing ----------------------------------------------------------------------------------------------------


async def begin(tx: Transaction, *, author_id: int, school_id: int, audience: Audience, now: datetime) -> int:
    """Begin an announcement, with acknowledgement unless its author decides otherwise, and return its id."""
    return await new_id(
        tx,
        """INSERT INTO announcements (school_id, author_id, audience, acknowledge, state, created_at)
        VALUES (:school, :author, :audience, TRUE, 'draft', :now) RETURNING id""",
        school=school_id,
        author=author_id,
        audience=audience.dump(),
        now=now,
    )


async def of_author(tx: Transaction, announcement_id: int, author_id: int) -> Announcement:
    """Read an announcement of one's own; raises `NotFound`."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM announcements a {_JOINS} WHERE a.id = :id AND {_OWN}",
        id=announcement_id,
        author=author_id,
    )
    return await _announcement(tx, found(row))


async def _change(tx: Transaction, its: Announcement, assignment: str, **values: Any) -> None:
    """Change a draft; raises `Conflict` where it was changed, sent or cancelled meanwhile."""
    if not await tx.run(
        f"""UPDATE announcements SET {assignment}, version = version + 1
        WHERE id = :id AND author_id = :author AND state = 'draft' AND version = :version""",
        id=its.id,
        author=its.author_id,
        version=its.version,
        **values,
    ):
        raise Conflict


async def write(tx: Transaction, its: Announcement, text: str) -> None:
    """Keep the text; raises `Conflict`."""
    await _change(tx, its, "text = :text", text=text)


async def attach(tx: Transaction, its: Announcement, file_id: int | None, *, text: str = "") -> None:
    """Keep the photo or file, None for none, and the text that came with it, if any; raises `Conflict`."""
    await _change(tx, its, "file_id = :file, text = :text", file=file_id, text=text or its.text)


async def address(tx: Transaction, its: Announcement, audience: Audience) -> None:
    """Keep whom it is for; raises `Conflict`."""
    await _change(tx, its, "audience = :audience", audience=audience.dump())


async def sign(tx: Transaction, its: Announcement, school_id: int) -> None:
    """Keep for which school it is signed; the classes chosen in another one are let go. Raises `Conflict`."""
    audience = replace(its.audience, classes=()) if its.audience.enterprise is None else Audience()
    await _change(tx, its, "school_id = :school, audience = :audience", school=school_id, audience=audience.dump())


async def want_acknowledgement(tx: Transaction, its: Announcement, *, wanted: bool) -> None:
    """Keep whether readers are asked to acknowledge; raises `Conflict`."""
    await _change(tx, its, "acknowledge = :wanted", wanted=wanted)


async def cancel(tx: Transaction, its: Announcement) -> None:
    """Give a draft up; raises `Conflict`."""
    await _change(tx, its, "state = 'cancelled'")


async def send(tx: Transaction, its: Announcement, person_ids: Sequence[int], *, now: datetime) -> None:
    """Send a draft to these people: one row in the outbox for each; raises `Conflict` the second time."""
    await _change(tx, its, "state = 'sent', sent_at = :now", now=now)
    await tx.many(
        "INSERT INTO announcement_recipients (announcement_id, person_id) VALUES (:id, :person)",
        [{"id": its.id, "person": person} for person in person_ids],
    )
    await outbox.add_many(tx, person_ids, READERS_CARD, its.id, now=now, key=f"announcement:{its.id}")


# --- reading ----------------------------------------------------------------------------------------------------


async def of_reader(tx: Transaction, announcement_id: int, person_id: int) -> Announcement:
    """Read an announcement that was sent to this person; raises `NotFound`."""
    row = found(
        await tx.one(
            f"""SELECT {_COLUMNS}, r.acknowledged_at FROM announcements a {_JOINS}
            JOIN announcement_recipients r ON r.announcement_id = a.id AND r.person_id = :person
            WHERE a.id = :id AND a.state = 'sent'""",
            id=announcement_id,
            person=person_id,
        )
    )
    return await _announcement(tx, row, row["acknowledged_at"])


@dataclass(frozen=True, slots=True)
class Sent:
    """A line of an author's history."""

    id: int
    text: str
    sent_at: datetime
    reached: int


async def draft_of(tx: Transaction, author_id: int) -> int | None:
    """Return the id of the announcement that an author has begun and not sent."""
    row = await tx.one(
        f"SELECT a.id FROM announcements a WHERE {_OWN} AND a.state = 'draft' ORDER BY a.id DESC LIMIT 1",
        author=author_id,
    )
    return row["id"] if row else None


async def history(tx: Transaction, author_id: int, *, limit: int, offset: int) -> list[Sent]:
    """List what an author has sent, the newest first."""
    rows = await tx.all(
        f"""SELECT a.id, a.text, a.sent_at,
            (SELECT count(*) FROM announcement_recipients r WHERE r.announcement_id = a.id) AS reached
        FROM announcements a WHERE {_OWN} AND a.state = 'sent'
        ORDER BY a.id DESC LIMIT :limit OFFSET :offset""",
        author=author_id,
        limit=limit,
        offset=offset,
    )
    return [Sent(row["id"], row["text"], row["sent_at"], row["reached"]) for row in rows]


async def count(tx: Transaction, author_id: int) -> int:
    """Count what an author has sent."""
    row = await tx.one(f"SELECT count(*) AS n FROM announcements a WHERE {_OWN} AND a.state = 'sent'", author=author_id)
    return int(found(row)["n"])
