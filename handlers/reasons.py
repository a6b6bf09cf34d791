"""Ready reasons: kept by their code, read by everyone in their own language, the original words beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, all_texts
from domain.people import Language
from domain.reviews import coded

if TYPE_CHECKING:
    from bot.texts import Texts

SENTENCES = {
    "steps": N_("reason.steps"),
    "own_part": N_("reason.own_part"),
    "result": N_("reason.result"),
    "solved": N_("reason.solved"),
    "gap": N_("reason.gap"),
    "too_short": N_("reason.too_short"),
    "learned": N_("reason.learned"),
    "own_words": N_("reason.own_words"),
    "other_week": N_("reason.other_week"),
    "hours": N_("reason.hours"),
    "privacy": N_("reason.privacy"),
    "asked_for": N_("reason.asked_for"),
    "mistake": N_("reason.mistake"),
    "remarked": N_("reason.remarked"),
    "spoken": N_("reason.spoken"),
}


def said(_: Texts, words: str, language: str = "") -> str:
    """Return a reviewer's words: a ready reason in the reader's language, anything else as it was written."""
    code = coded(words)
    return in_both(_, SENTENCES[code], language) if code else words


def in_both(_: Texts, msgid: str, language: str) -> str:
    """Return a ready sentence in the reader's language, and beside it as whoever chose it read it, in `language`."""
    own = _.plain(msgid)
    if language in {"", _.language}:
        return own
    return _.plain("remark.original", words=own, original=all_texts()[Language(language)].plain(msgid))
