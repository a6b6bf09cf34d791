"""What the cards of a log have in common for its reviewer: what is read on them, and what can be pressed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.send import Button
from bot.split import split
from bot.texts import N_, join
from domain.logs import WRITTEN, Decision, Log, LogState, Section
from domain.people import Role
from domain.weeks import local_day
from domain.words import shorten
from handlers import dates, lateness, log_card, reasons
from handlers import review_remarks_card as notes
from handlers.buttons import button
from handlers.remarks import rating
from handlers.tomorrow import tomorrow
from storage import remarks, reviews

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup

    from bot.context import Context, View
    from bot.texts import Texts
    from domain.people import Person
    from domain.reviews import Submission
    from storage.database import Transaction

FORM = "review"
WORD, CONFIRM = "word", "confirm"  # steps of the form; the others are the decisions that need a reason
# Where the card was opened: pushed, or from a list to which it leads on.
PUSHED, QUEUE, ALL, STUDENT = "", "q", "a", "s"
HEAR = "review.hear"  # the verb that plays what was said of a log
SIZES = (2000, 600, 160)  # characters of a section that a decided card shows, so that it is one message
_AGAIN = {
    Decision.APPROVED: N_("review.again.reopened"),
    Decision.NEEDS_INFO: N_("review.again.needs_info"),
    Decision.RETURNED: N_("review.again.returned"),
    Decision.REOPENED: N_("review.again.reopened"),
}


def today(view: View | Context) -> date:
    """Return the reader's day."""
    return local_day(view.now, view.person.zone)


def name_of(_: Texts, log: Log) -> Markup:
    """Return whose log of which week it is."""
    return _("review.name", name=log.placement.student_name, week=dates.log_name(_, log))


# --- what is read -----------------------------------------------------------------------------------------------


def head(view: View, submission: Submission) -> Markup:
    """Return whose log it is, of when, and what it was given back for."""
    _, log = view.texts, submission.log
    lines = [_("review.head", log=name_of(_, log), late=lateness.in_time(_, log), number=log.receipt)]
    if log.placement.mentor_id != view.person.id:
        lines.append(_("review.place", class_name=log.placement.rules.name, enterprise=log.placement.enterprise))
    if (last := submission.last) is not None and log.state is LogState.SUBMITTED and last.decision in _AGAIN:
        words = reasons.said(_, last.words, last.language)
        lines.append(_(_AGAIN[last.decision], number=submission.number, reviewer=last.reviewer, words=words))
    return join(lines)


async def passed_on(view: View, submission: Submission) -> Markup | None:
    """Return what the mentor said who passed the log on to the school; None where nobody has."""
    _, review = view.texts, submission.passed
    if review is None:
        return None
    said = N_("review.passed") if review.revision == submission.number else N_("review.passed_before")
    at = dates.at(_, review.created_at, view.now, view.person.zone)
    line = _(said, reviewer=review.reviewer, number=review.revision, at=at)
    quoted = _("review.words", words=reasons.said(_, review.words)) if review.words else None
    its = await remarks.of_review(view.tx, review)
    return join((line, quoted, rating(_, review), notes.said(_, submission.log, its, review.language)))


def written(_: Texts, log: Log, limit: int = 0) -> Markup:
    """Return what the student wrote, an answer to a question first; each section cut to a limit where there is one."""
    order = (Section.ANSWER, *WRITTEN)
    texts = {section: log.sections[section] for section in order if section in log.sections}
    if limit:
        texts = {section: shorten(text, limit) for section, text in texts.items()}
    return log_card.written(_, replace(log, sections=texts))


def short(view: View, submission: Submission, *more: Markup | None) -> Markup:
    """Return the card in one message: long sections are shortened until it fits."""
    log, text = submission.log, head(view, submission)
    for size in SIZES:
        text = join((head(view, submission), written(view.texts, log, size), *more), "\n\n")
        if len(split(text)) == 1:
            break
    return text


# --- what can be pressed ----------------------------------------------------------------------------------------


async def may_answer(tx: Transaction, person: Person, log: Log) -> bool:
    """Whether a log waits for an answer that somebody who reads it may give: at its second stage only the school."""
    if log.state is not LogState.SUBMITTED:
        return False
    return not log.with_school or (
        Role.COORDINATOR in person.roles and await reviews.coordinates(tx, log.id, person.id)
    )


def decide_buttons(view: View, log: Log) -> list[list[Button]]:
    """Return how the log can be decided on, then what else can be done with it before."""
    _, origin = view.texts, origin_of(view)
    ask = [
        button(_.plain("review.button.needs_info"), "review.ask", log.id, log.version, f"needs_info.{origin}"),
        button(_.plain("review.button.return"), "review.ask", log.id, log.version, f"returned.{origin}"),
    ]
    rows = [[button(_.plain("review.button.approve"), "review.approve", log.id, log.version, origin), *ask], []]
    if log.files:
        rows[1].append(photos(view, log))
    rows[1].append(button(_.plain("review.button.remarks"), "review.notes", log.id, log.version, origin))
    if origin == STUDENT:
        rows[1].append(back_to_student(_, log))
    else:
        rows[1].append(button(_.plain("review.button.later"), "review.later", log.id, log.version, origin))
    if origin in {QUEUE, ALL}:
        rows[1].append(button(_.plain("review.button.list"), "queue.all" if origin == ALL else "queue"))
    return [*rows, tomorrow(_, log, origin) if origin in {QUEUE, ALL} else []]


def origin_of(view: View) -> str:
    """Return where the card was opened."""
    return str(view.args.get("origin", PUSHED))


def photos(view: View, log: Log) -> Button:
    """Make the button that shows the photos and files."""
    return button(view.texts.plain("review.button.photos"), "review.files", log.id, rest=origin_of(view))


def back_to_student(_: Texts, log: Log) -> Button:
    """Make the way back to the student's weeks."""
    return button(_.plain("review.button.weeks"), "student.logs", log.placement.student_id)


def previous(view: View) -> list[Button]:
    """Return the way back to the log of the queue that has just been decided, to undo it or to add a word."""
    if not view.args.get("after"):
        return []
    label = view.texts.plain("review.button.previous", name=view.args.get("name", ""))
    return [button(label, "review.open", int(view.args["after"]), rest=origin_of(view))]


async def next_waiting(view: View) -> list[Button]:
    """Return the way to the next log that waits, with how many there are."""
    origin = origin_of(view)
    number = await reviews.count_waiting(view.tx, view.person.id, today=today(view), everything=origin == ALL)
    if not number:
        return []
    rest = ALL if origin == ALL else ""
    return [button(view.texts.plain_plural("review.button.next", number), "queue.next", rest=rest)]
