"""Cards: which message in a person's chat shows which thing, so that it is edited and not sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Transaction


async def message_of(tx: Transaction, person_id: int, card: str, subject: int) -> int | None:
    """Return the id of the message that shows this card to this person."""
    row = await tx.one(
        "SELECT message_id FROM cards WHERE person_id = :person AND card = :card AND subject = :subject",
        person=person_id,
        card=card,
        subject=subject,
    )
    return row["message_id"] if row else None


async def shown_in(tx: Transaction, person_id: int, card: str, message_id: int) -> int | None:
    """Return what a message is a card of this kind about; None where it shows another one, or none."""
    row = await tx.one(
        "SELECT subject FROM cards WHERE person_id = :person AND message_id = :message AND card = :card",
        person=person_id,
        message=message_id,
        card=card,
    )
    return row["subject"] if row else None


async def newest(tx: Transaction, person_id: int) -> tuple[str, int]:
    """Return which card came last to a person, and what it is about; an empty name where none did."""
    row = await tx.one(
        "SELECT card, subject FROM cards WHERE person_id = :person ORDER BY message_id DESC LIMIT 1", person=person_id
    )
    return (row["card"], row["subject"]) if row else ("", 0)


async def remember(
    tx: Transaction, person_id: int, card: str, subject: int, message_id: int, *, is_new: bool = False
) -> None:
    """Record where the card is now; a message shows one card only, and a new message has shown none before."""
    if not is_new:
        tx.later(
            """DELETE FROM cards WHERE person_id = :person AND message_id = :message
            AND NOT (card = :card AND subject = :subject)""",
            person=person_id,
            message=message_id,
            card=card,
            subject=subject,
        )
    tx.later(
        """INSERT INTO cards (person_id, card, subject, message_id) VALUES (:person, :card, :subject, :message)
        ON CONFLICT (person_id, card, subject) DO UPDATE SET message_id = excluded.message_id""",
        person=person_id,
        message=message_id,
        card=card,
        subject=subject,
    )


async def subjects(tx: Transaction, person_id: int, card: str) -> list[int]:
    """List what a person has cards of this kind about."""
    rows = await tx.all(
        "SELECT subject FROM cards WHERE person_id = :person AND card = :card ORDER BY subject",
        person=person_id,
        card=card,
    )
    return [row["subject"] for row in rows]


async def logs_shown(tx: Transaction, person_id: int, placement_id: int) -> list[int]:
    """List the logs of a placement whose review card a person has."""
    rows = await tx.all(
        """SELECT ca.subject FROM cards ca JOIN logs l ON l.id = ca.subject
        WHERE ca.person_id = :person AND ca.card = 'review' AND l.placement_id = :placement ORDER BY ca.subject""",
        person=person_id,
        placement=placement_id,
    )
    return [row["subject"] for row in rows]
