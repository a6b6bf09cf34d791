"""Remarks as people read them: ready ones in each reader's own language, what was typed as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain.remarks import stars

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.texts import Texts
    from domain.logs import Review, Section
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


def chips(_: Texts, remarks: Remarks) -> Markup | None:
    """Return the ready remarks in a line; None where there are none."""
    if not remarks.chips:
        return None
    return _("remark.chips", chips=" · ".join(_.plain(CHIPS[code]) for code in remarks.chips))


def rating(_: Texts, review: Review) -> Markup | None:
    """Return the stars and the confirmed hours of an approval; None where there are neither."""
    hours = _("remark.hours", hours=_.number(review.hours)) if review.hours is not None else None
    return join((stars(review.stars) if review.stars else None, hours), " · ") or None


def beside(_: Texts, review: Review, remarks: Remarks) -> Markup | None:
    """Return what goes with a decision's words: stars, hours and ready remarks."""
    return join((rating(_, review), chips(_, remarks))) or None


def remark_on(_: Texts, remarks: Remarks, section: Section) -> Markup | None:
    """Return the remark on a section, to stand below it."""
    words = remarks.sections.get(section)
    return _("remark.here", words=words) if words else None
