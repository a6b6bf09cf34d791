"""Voice notes of a reviewer: what may come and how long, and how they are heard where what they are about is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Attachment
from bot.texts import N_
from domain.logs import Section
from domain.remarks import VOICE_LIMIT, Remarks, Voice, length_of
from handlers import answers, sections
from handlers.attachments import Described, describe
from handlers.log_files import caption_of
from storage import files

if TYPE_CHECKING:
    import telegram

    from bot.context import Context
    from bot.texts import Texts
    from domain.logs import Log
    from storage.database import Transaction

MINUTES = VOICE_LIMIT // 60
WHOLE = "whole"  # on a button: not one section
PLAYS = "plays"  # which voice notes come with an answer: without it all
WORD_ALONE, NONE = "word", "none"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A voice note that came and may be kept."""

    described: Described
    seconds: int
    caption: str


def spoken(message: telegram.Message) -> Spoken | None:
    """Return the voice note of a message; None where it has none. Raises `Refused` where it is too long or too big."""
    if message.voice is None:
        return None
    answers.must_be_ones_own(message)
    seconds = int(message.voice.to_dict()["duration"])
    if seconds > VOICE_LIMIT:
        raise Refused(N_("voice.too_long"), length=length_of(seconds), minutes=MINUTES)
    described = describe(message, voice=True)
    return Spoken(described, seconds, caption_of(message)) if described else None


async def keep(tx: Transaction, context: Context, voice: Spoken) -> dict[str, str | int]:
    """Record the file of a voice note and return what a form remembers of it."""
    file_id = await files.add(tx, owner_id=context.person.id, now=context.now, **voice.described)
    return {"voice": file_id, "seconds": voice.seconds, "caption": voice.caption}


# --- hearing them -----------------------------------------------------------------------------------------------


def came_with(its: Remarks, plays: str) -> tuple[Remarks, Remarks]:
    """Divide remarks into those whose voice notes come with an answer and those that are there to be asked for."""
    if not plays:
        return its, Remarks()
    word: dict[Section | None, Voice] = {}
    if plays == WORD_ALONE and None in its.voices:
        word[None] = its.voices[None]
    return Remarks(voices=word), its


def attached(_: Texts, log: Log, its: Remarks, reviewer: str) -> list[Attachment]:
    """Return the voice notes, each with what it is about under it: the whole log first, then its sections."""
    about = {"reviewer": reviewer, "number": log.number}
    order = [section for section in (None, *Section) if section in its.voices]
    return [
        Attachment(
            "voice",
            its.voices[section].telegram_file_id,
            _.plain("voice.about_part", **about, part=sections.label(_, log.template, section))
            if section
            else _.plain("voice.about", **about),
        )
        for section in order
    ]
