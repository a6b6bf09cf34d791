"""Remarks as people read them: ready ones in each one's language, the original beside, the rest as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain.remarks import length_of, stars
from handlers.buttons import button
from handlers.reasons import in_both

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log, Review, Section
    from domain.remarks import Remarks

CHIPS = {
    "observed": N_("chip.observed"),
    "written": N_("chip.written"),
    "progress": N_("chip.progress"),
    "specific": N_("chip.specific"),
    "numbers": N_("chip.numbers"),
    "why": N_("chip.why"),
    "safety": N_("chip.safety"),
    "ask_sooner": N_("chip.ask_sooner"),
}


def chips(_: Texts, remarks: Remarks, language: str = "") -> Markup | None:
    """Return the ready remarks in a line, then the reviewer's own phrases; None where there are none.

    `language` is that in which they were chosen; empty for whoever chose them.
    """
    ready = [in_both(_, CHIPS[code], language) for code in remarks.chips]
    said = [_.plain("remark.phrase", words=phrase.text) for phrase in remarks.phrases]
    return _("remark.chips", chips=" · ".join([*ready, *said])) if ready or said else None


def rating(_: Texts, review: Review) -> Markup | None:
    """Return the stars and the confirmed hours of an approval; None where there are neither."""
    hours = _("remark.hours", hours=_.number(review.hours)) if review.hours is not None else None
    return join((stars(review.stars) if review.stars else None, hours), " · ") or None


def beside(_: Texts, review: Review, remarks: Remarks) -> Markup | None:
    """Return what goes with a decision's words: stars, hours, ready remarks, and a voice note on the whole log."""
    return join((rating(_, review), chips(_, remarks, review.language), voice(_, remarks, None))) or None


def remark_on(_: Texts, remarks: Remarks, section: Section) -> Markup | None:
    """Return the remark on a section, written and said, to stand below it."""
    words = remarks.sections.get(section)
    return join((_("remark.here", words=words) if words else None, voice(_, remarks, section))) or None


def voice(_: Texts, remarks: Remarks, section: Section | None, name: str = "") -> Markup | None:
    """Return how long the voice note on a section, or on the whole log, is; after a name where it stands elsewhere."""
    its = remarks.voices.get(section)
    if its is None:
        return None
    length = length_of(its.seconds)
    note = _("remark.voice_section", name=name, length=length) if name else _("remark.voice", length=length)
    return join((note, _("log.quote", text=its.caption) if its.caption else None), " ")


def listen(_: Texts, verb: str, log: Log, *each: Remarks, rest: str = "") -> list[Button]:
    """Make the button that plays voice notes; nothing where there are none."""
    number = sum(len(its.voices) for its in each)
    return [button(_.plain_plural("voice.listen", number), verb, log.id, rest=rest)] if number else []
