"""How remarks are made on the card of a log: what is noted so far, what is asked, and what can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain.logs import Log, Section
from domain.remarks import CHIPS, MOST_STARS
from handlers import log_card, remarks, sections
from handlers.buttons import button

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Review
    from domain.people import Draft
    from domain.remarks import Remarks

NOTES = "notes"  # the step at which remarks are chosen; "notes.done" asks for the one on that section
WORDS = "words"  # what was typed before anybody said which section it is about


def section_of(step: str) -> Section | None:
    """Return the section on which a remark is asked for."""
    name = step.removeprefix(f"{NOTES}.")
    return Section(name) if step != name and name in set(Section) else None


def is_noting(draft: Draft | None, log: Log) -> bool:
    """Whether remarks on the log as it is are being made."""
    if draft is None or draft.answers.get("version") != log.version:
        return False
    return draft.step == NOTES or section_of(draft.step) is not None


def noted(_: Texts, log: Log, its: Remarks) -> Markup | None:
    """Return what will go with the answer; None where nothing was noted."""
    if not its:
        return None
    return join((_("review.noted"), said(_, log, its)))


def said(_: Texts, log: Log, its: Remarks) -> Markup | None:
    """Return every remark, the ready ones first."""
    return join((remarks.chips(_, its), log_card.remarked(_, log.template, its))) or None


def question(_: Texts, log: Log, draft: Draft) -> Markup:
    """Return what is asked: which remark, which section, or the words on a section."""
    section = section_of(draft.step)
    if section is not None:
        return _("review.notes.write", part=sections.name(_, log.template, section))
    if words := draft.answers.get(WORDS):
        return _("review.notes.which", words=words)
    return _("review.notes.ask", name=log.placement.student_name)


def buttons(_: Texts, log: Log, draft: Draft, its: Remarks) -> list[list[Button]]:
    """Return what can be pressed: ready remarks and sections, or the way back to them."""
    origin = str(draft.answers.get("origin", ""))
    back = button(_.plain("button.back"), "review.notes", log.id, log.version, origin)
    section = section_of(draft.step)
    if section is not None:
        drop = button(_.plain("review.notes.unsay"), "review.unsay", log.id, log.version, f"{section.value}.{origin}")
        return [[drop] if section in its.sections else [], [back]]
    parts = [_part(_, log, part, its, origin) for part in log.sections]
    rows = [parts[start : start + 2] for start in range(0, len(parts), 2)]
    if draft.answers.get(WORDS):
        return [*rows, [button(_.plain("review.notes.drop"), "review.notes", log.id, log.version, origin)]]
    chips = [_chip(_, log, code, its, origin) for code in CHIPS]
    return [*(chips[start : start + 2] for start in range(0, len(chips), 2)), *rows]


def _part(_: Texts, log: Log, section: Section, its: Remarks, origin: str) -> Button:
    label = N_("review.notes.change") if section in its.sections else N_("review.notes.part")
    rest = f"{section.value}.{origin}"
    return button(_.plain(label, part=sections.label(_, log.template, section)), "review.on", log.id, log.version, rest)


def _chip(_: Texts, log: Log, code: str, its: Remarks, origin: str) -> Button:
    """Make the button of a ready remark, which says what is to be, so that pressing it twice does no harm."""
    said, chosen = _.plain(remarks.CHIPS[code]), code in its.chips
    label = _.plain("review.notes.chosen", chip=said) if chosen else said
    return button(label, "review.chip", log.id, log.version, f"{code}.{int(not chosen)}.{origin}")


# --- with an approval -------------------------------------------------------------------------------------------


def with_approval(_: Texts, log: Log, review: Review, origin: str) -> list[list[Button]]:
    """Return what an approval may have besides: stars, confirmed hours, remarks."""
    given = review.stars or 0
    stars = []
    for number in range(1, MOST_STARS + 1):
        label = N_("review.button.star") if number <= given else N_("review.button.no_star")
        rest = f"{0 if number == given else number}.{origin}"
        stars.append(button(_.plain(label, number=number), "review.stars", log.id, log.version, rest))
    more = [button(_.plain("review.button.remarks"), "review.notes", log.id, log.version, origin)]
    if log.hours is not None:
        confirmed = review.hours is not None
        label = N_("review.button.hours_confirmed") if confirmed else N_("review.button.hours")
        rest = f"{int(not confirmed)}.{origin}"
        hours = button(_.plain(label, hours=_.number(log.hours)), "review.hours", log.id, log.version, rest)
        more.insert(0, hours)
    return [stars, more]
