"""Feedback: the answer to a week as it reaches the student, and every answer there has been."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain.logs import Decision, LogState
from domain.people import Role
from domain.words import shorten
from handlers import dates, reasons, verdict
from handlers.buttons import PAGE, button, home, pager
from handlers.log_card import HEAR, remarked
from handlers.remarks import beside, chips, listen, voice
from handlers.voices import PLAYS, attached, came_with
from storage import logs, remarks, reviews

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log, Review
    from domain.remarks import Remarks
    from domain.reviews import Feedback

WORDS_SHOWN = 300  # characters of each answer in the history

_ANSWER = {
    Decision.APPROVED: N_("answer_card.approved"),
    Decision.NEEDS_INFO: N_("answer_card.needs_info"),
    Decision.RETURNED: N_("answer_card.returned"),
    Decision.REOPENED: N_("answer_card.reopened"),
}
_NEXT = {
    Decision.NEEDS_INFO: N_("answer_card.then_answer"),
    Decision.RETURNED: N_("answer_card.then_change"),
    Decision.REOPENED: N_("answer_card.then_change"),
}
_DO = {
    Decision.NEEDS_INFO: N_("answer_card.button.answer"),
    Decision.RETURNED: N_("answer_card.button.change"),
    Decision.REOPENED: N_("answer_card.button.change"),
}
_LINE = {
    Decision.APPROVED: N_("feedback.approved"),
    Decision.PASSED: N_("feedback.passed"),
    Decision.NEEDS_INFO: N_("feedback.needs_info"),
    Decision.RETURNED: N_("feedback.returned"),
    Decision.REOPENED: N_("feedback.reopened"),
}


async def answer_card(view: View) -> Message | None:
    """Draw the answer to a log; None where something newer has happened to it."""
    _ = view.texts
    log = await logs.for_student(view.tx, view.subject, view.person.id)
    decided = await reviews.of_log(view.tx, log.id, view.person.id)
    last = decided[-1] if decided else None
    if last is None or log.state in {LogState.SUBMITTED, LogState.DRAFT}:
        return None
    if view.args.get("review", last.id) != last.id:
        return None
    its = await remarks.of_review(view.tx, last)
    passed = await verdict.before_school(view, log, last)
    words = reasons.said(_, last.words, last.language)
    quoted = _("answer_card.words", words=words) if words else None
    following = _(_NEXT[last.decision]) if last.decision in _NEXT else None
    then = _("answer_card.then_school") if log.is_open and log.with_school else None
    said = (quoted, beside(_, last, its), remarked(_, log.template, its), await _by_mentor(view, log, passed))
    parts = (_answered(_, log, last), *said, join((following, then)) or None)
    heard, others = came_with(its, str(view.args.get(PLAYS, "")))
    rows = [_buttons(_, log, last), listen(_, HEAR, log, others)]
    return Message(join(parts, "\n\n"), rows, attached(_, log, heard, last.reviewer))


async def _by_mentor(view: View, log: Log, passed: Review | None) -> Markup | None:
    """Return what the mentor said who had approved the submission before the school decided on it."""
    if passed is None:
        return None
    _, its = view.texts, await remarks.of_review(view.tx, passed)
    words = verdict.said(_, passed)
    whole = (words, chips(_, its, passed.language), voice(_, its, None))
    return join((_("answer_card.passed", reviewer=passed.reviewer), *whole, remarked(_, log.template, its)))


def _answered(_: Texts, log: Log, review: Review) -> Markup:
    return _(_ANSWER[review.decision], reviewer=review.reviewer, week=dates.log_name(_, log))


def _buttons(_: Texts, log: Log, review: Review) -> list[Button]:
    see = button(_.plain("answer_card.button.see"), "log.show", log.id)
    if review.decision not in _DO:
        return [see]
    return [button(_.plain(_DO[review.decision]), "log.edit", log.id), see]


# --- the history ------------------------------------------------------------------------------------------------


async def show_feedback(_context: Context, _words: str) -> Show:
    """Show what was answered so far."""
    return Show("feedback")


async def list_feedback(_context: Context, press: Press) -> Show:
    """Show a page of what was answered."""
    return Show("feedback", args={"page": press.page})


async def feedback_card(view: View) -> Message | None:
    """Draw the answers to a student's logs, the newest first, one press from each log."""
    _, given = view.texts, await reviews.of_student(view.tx, view.person.id)
    if not given:
        return Message(_("feedback.empty"), [[button(_.plain("button.log"), "log.now")], [home(_)]])
    pages = -(-len(given) // PAGE)
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = given[page * PAGE : (page + 1) * PAGE]
    opens = {
        entry.review.log_id: button(_.plain("feedback.open", number=entry.week_number), "log.show", entry.review.log_id)
        for entry in shown
    }
    buttons = list(opens.values())
    rows = [buttons[i : i + 3] for i in range(0, len(buttons), 3)]
    lines = [_line(_, entry, await remarks.of_review(view.tx, entry.review)) for entry in shown]
    text = join((_("feedback.title"), *lines), "\n\n")
    return Message(text, [*rows, pager(_, "feedback", page, pages), [home(_)]])


def _line(_: Texts, entry: Feedback, its: Remarks) -> Markup:
    review = entry.review
    week = dates.week_name(_, entry.week_number, entry.week)
    line = _(_LINE[review.decision], week=week, reviewer=review.reviewer)
    words = shorten(reasons.said(_, review.words, review.language), WORDS_SHOWN)
    quoted = _("feedback.words", words=words) if words else None
    brief = replace(its, sections={part: shorten(text, WORDS_SHOWN) for part, text in its.sections.items()})
    return join((line, quoted, beside(_, review, its), remarked(_, entry.template, brief)))


def register(routes: Routes) -> None:
    """Open the room."""
    routes.command("feedback", show_feedback, role=Role.STUDENT)
    routes.button("feedback", list_feedback, role=Role.STUDENT)
    routes.card("feedback", feedback_card)
    routes.card("log_answer", answer_card)
