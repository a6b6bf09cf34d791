"""What people send as an answer: read, cleaned and checked; what cannot be taken is refused with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.texts import N_
from domain.words import clean, clean_line

if TYPE_CHECKING:
    import telegram


def text(message: telegram.Message, *, limit: int, at_least: int = 1) -> str:
    """Return the text of a message, cleaned, several lines allowed; `limit` and `at_least` in characters."""
    return _checked(clean(_raw(message)), limit, at_least)


def line(message: telegram.Message, *, limit: int, at_least: int = 1) -> str:
    """Return the text of a message as one line."""
    return _checked(clean_line(_raw(message)), limit, at_least)


def integer(message: telegram.Message, *, lowest: int, highest: int) -> int:
    """Return a whole number between two bounds."""
    raw = line(message, limit=200).translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and lowest <= int(raw) <= highest):
        raise Refused(N_("answer.number_wanted"), lowest=lowest, highest=highest)
    return int(raw)


def must_be_ones_own(message: telegram.Message) -> None:
    """Raise `Refused` for what a bot said, such as a card of ours, forwarded."""
    sender = getattr(message.forward_origin, "sender_user", None)
    if sender is not None and sender.is_bot:
        raise Refused(N_("answer.forwarded_card"))


def _raw(message: telegram.Message) -> str:
    must_be_ones_own(message)
    if message.text is None:
        raise Refused(N_("answer.text_wanted"))
    return message.text


def _checked(words: str, limit: int, at_least: int) -> str:
    if not words:
        raise Refused(N_("answer.empty"))
    if len(words) > limit:
        raise Refused(N_("answer.too_long"), length=len(words), limit=limit)
    if len(words) < at_least:
        raise Refused(N_("answer.too_short"), length=len(words), at_least=at_least)
    return words
