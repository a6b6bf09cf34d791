"""The card of a log as its reviewer sees it: read, decided on, and answered in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message
from bot.texts import N_, join
from domain.logs import Decision, Log, LogState
from domain.remarks import Remarks
from domain.reviews import CODE, Submission, ready_for
from handlers import question_cards, reasons
from handlers import review_remarks_card as notes
from handlers.buttons import button
from handlers.remarks import listen
from handlers.review_changes import changes, is_compared
from handlers.review_decided import decided
from handlers.review_parts import (
    FORM,
    HEAR,
    PUSHED,
    decide_buttons,
    head,
    may_answer,
    name_of,
    next_waiting,
    origin_of,
    passed_on,
    previous,
    short,
    today,
    written,
)
from handlers.tomorrow import tomorrow
from handlers.voices import MINUTES
from storage import phrases, remarks, reviews

if TYPE_CHECKING:
    from bot.context import View
    from domain.people import Draft

_ASK = {
    Decision.NEEDS_INFO: N_("review.ask.needs_info"),
    Decision.RETURNED: N_("review.ask.returned"),
    Decision.REOPENED: N_("review.ask.reopened"),
}


async def review_card(view: View) -> Message | None:
    """Draw the log for whoever may answer it, in whatever state it is."""
    submission = await reviews.for_reviewer(view.tx, view.subject, view.person.id, today=today(view))
    log, draft, _ = submission.log, view.person.draft, view.texts
    if draft is not None and (draft.form != FORM or draft.subject != log.id):
        draft = None
    if submission.number is None:
        return Message(_("review.taken_back", log=name_of(_, log)))
    asked = _asked(log, draft)
    if asked is not None:
        return await _ask_reason(view, submission, asked)
    answers = await may_answer(view.tx, view.person, log)
    if draft is not None and notes.is_noting(draft, log):
        return await _note(view, submission, draft, answers=answers)
    if not answers:
        return await decided(view, submission, draft)
    if view.args.get("folded"):
        return await _folded(view, log)
    return await _waiting(view, submission)


async def _waiting(view: View, submission: Submission) -> Message:
    """Draw a log that waits: the whole of it, or what was changed since it was given back."""
    _, log = view.texts, submission.log
    its = await remarks.noted(view.tx, submission.revision_id, view.person.id)
    last, passed = submission.last, await passed_on(view, submission)
    earlier = await remarks.of_review(view.tx, last) if last and last is not submission.passed else Remarks()
    compared = submission.before if is_compared(submission) and not view.args.get("whole") else None
    text = changes(_, log, compared) if compared else written(_, log)
    rows = decide_buttons(view, log)
    if is_compared(submission):
        verb, label = ("whole", N_("review.button.whole")) if compared else ("open", N_("review.button.changes"))
        rows.append([button(_.plain(label), f"review.{verb}", log.id, rest=origin_of(view))])
    rows.append(listen(_, HEAR, log, earlier, its, rest=origin_of(view)))
    given = notes.said(_, log, earlier, last.language) if last else None
    said = (head(view, submission), passed, given)
    parts = (*said, text, await question_cards.at_log(view, log), notes.noted(_, log, its))
    return Message(join(parts, "\n\n"), [*rows, previous(view)])


async def _note(view: View, submission: Submission, draft: Draft, *, answers: bool) -> Message:
    """Draw the log with the remarks that can be made on it, or asked for the words of one."""
    _, log = view.texts, submission.log
    its = await remarks.noted(view.tx, submission.revision_id, view.person.id)
    rows = notes.buttons(_, log, draft, its, await phrases.of_person(view.tx, view.person.id))
    if draft.step == notes.NOTES and not notes.is_asking_where(draft):
        rows.append(listen(_, HEAR, log, its, rest=str(draft.answers.get("origin", PUSHED))))
        origin = str(draft.answers.get("origin", PUSHED))
        if answers:
            rows.append(decide_buttons(view, log)[0])
        rows.append([button(_.plain("button.back"), "review.back", log.id, log.version, origin)])
    return Message(short(view, submission, notes.noted(_, log, its), notes.question(_, log, draft)), rows)


def _asked(log: Log, draft: Draft | None) -> Decision | None:
    """Return the decision whose reason is being asked for, if it can still be made."""
    if draft is None or draft.step not in _ASK:
        return None
    decision = Decision(draft.step)
    fitting = LogState.APPROVED if decision is Decision.REOPENED else LogState.SUBMITTED
    return decision if log.state is fitting and draft.answers.get("version") == log.version else None


async def _ask_reason(view: View, submission: Submission, decision: Decision) -> Message:
    _, log = view.texts, submission.log
    origin = (view.person.draft.answers if view.person.draft else {}).get("origin", PUSHED)
    rows = []
    its = await remarks.noted(view.tx, submission.revision_id, view.person.id)
    spoken = decision is not Decision.REOPENED and None in its.voices
    ask = _(N_("review.ask.spoken") if spoken else _ASK[decision], name=log.placement.student_name, minutes=MINUTES)
    for code in ready_for(decision, its):
        rest = f"{decision.value}.{code}.{origin}"
        rows.append([button(reasons.said(_, CODE + code), "review.reason", log.id, log.version, rest)])
    for phrase in await phrases.of_person(view.tx, view.person.id):
        rest = f"{decision.value}.{phrase.id}.{origin}"
        rows.append([button(notes.named(_, phrase), "review.reason", log.id, log.version, rest)])
    back = button(_.plain("button.back"), "review.back", log.id, log.version, origin)
    rows.append(listen(_, HEAR, log, its, rest=origin))
    return Message(short(view, submission, notes.noted(_, log, its), ask), [*rows, [back]])


async def _folded(view: View, log: Log) -> Message:
    _ = view.texts
    opened = button(_.plain("review.button.open"), "review.open", log.id)
    following = await next_waiting(view)
    if at := view.args.get("at"):
        return Message(_("review.folded_tomorrow", log=name_of(_, log), at=at), [[opened], following])
    return Message(_("review.folded", log=name_of(_, log)), [[opened, *tomorrow(_, log, PUSHED)], following])
