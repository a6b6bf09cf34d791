"""The card of a log as its reviewer sees it: read, decided on, and answered in one message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.send import Attachment, Button, Message, split
from bot.texts import N_, join
from domain.logs import WRITTEN, Decision, Log, LogState, Section
from domain.people import Role
from domain.remarks import Remarks
from domain.reviews import CODE, READY, WORD_WAITS, Submission, ready_for
from domain.weeks import local_day
from domain.words import shorten
from handlers import dates, log_card, reasons
from handlers import review_remarks_card as notes
from handlers.buttons import button, home
from handlers.remarks import rating
from handlers.review_changes import changes, is_compared
from handlers.tomorrow import tomorrow
from storage import outbox, remarks, reviews

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup

    from bot.context import Context, View
    from bot.texts import Texts
    from domain.people import Draft

FORM = "review"
WORD, CONFIRM = "word", "confirm"  # steps of the form; the others are the decisions that need a reason
# Where the card was opened: pushed, or from a list to which it leads on.
PUSHED, QUEUE, ALL, STUDENT = "", "q", "a", "s"
SIZES = (2000, 600, 160)  # characters of a section that a decided card shows, so that it is one message

_ASK = {
    Decision.NEEDS_INFO: N_("review.ask.needs_info"),
    Decision.RETURNED: N_("review.ask.returned"),
    Decision.REOPENED: N_("review.ask.reopened"),
}
_AGAIN = {
    Decision.APPROVED: N_("review.again.reopened"),
    Decision.NEEDS_INFO: N_("review.again.needs_info"),
    Decision.RETURNED: N_("review.again.returned"),
    Decision.REOPENED: N_("review.again.reopened"),
}
_STATE = {
    Decision.APPROVED: N_("review.state.approved"),
    Decision.NEEDS_INFO: N_("review.state.needs_info"),
    Decision.RETURNED: N_("review.state.returned"),
    Decision.REOPENED: N_("review.state.reopened"),
}


def today(view: View | Context) -> date:
    """Return the reader's day."""
    return local_day(view.now, view.person.zone)


def name_of(_: Texts, log: Log) -> Markup:
    """Return whose log of which week it is."""
    return _("review.name", name=log.placement.student_name, week=dates.log_name(_, log))


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
    if draft is not None and notes.is_noting(draft, log):
        return await _note(view, submission, draft)
    if log.state is not LogState.SUBMITTED:
        return await _decided(view, submission, draft)
    if view.args.get("folded"):
        return await _folded(view, log)
    return await _waiting(view, submission)


async def _waiting(view: View, submission: Submission) -> Message:
    """Draw a log that waits: the whole of it, or what was changed since it was given back."""
    _, log = view.texts, submission.log
    its = await remarks.noted(view.tx, submission.revision_id, view.person.id)
    earlier = await remarks.of_review(view.tx, submission.last) if submission.last else Remarks()
    compared = submission.before if is_compared(submission) and not view.args.get("whole") else None
    text = changes(_, log, compared) if compared else _written(_, log)
    rows = _decide_buttons(view, log)
    if is_compared(submission):
        verb, label = ("whole", N_("review.button.whole")) if compared else ("open", N_("review.button.changes"))
        rows.append([button(_.plain(label), f"review.{verb}", log.id, rest=origin_of(view))])
    parts = (_head(view, submission), notes.said(_, earlier), text, notes.noted(_, its))
    return Message(join(parts, "\n\n"), [*rows, previous(view)])


async def _note(view: View, submission: Submission, draft: Draft) -> Message:
    """Draw the log with the remarks that can be made on it, or asked for the words of one."""
    _, log = view.texts, submission.log
    its = await remarks.noted(view.tx, submission.revision_id, view.person.id)
    rows = notes.buttons(_, log, draft, its)
    if draft.step == notes.NOTES and not draft.answers.get(notes.WORDS):
        origin = str(draft.answers.get("origin", PUSHED))
        if log.state is LogState.SUBMITTED:
            rows.append(_decide_buttons(view, log)[0])
        rows.append([button(_.plain("button.back"), "review.back", log.id, log.version, origin)])
    return Message(_short(view, submission, notes.noted(_, its), notes.question(_, log, draft)), rows)


def _asked(log: Log, draft: Draft | None) -> Decision | None:
    """Return the decision whose reason is being asked for, if it can still be made."""
    if draft is None or draft.step not in _ASK:
        return None
    decision = Decision(draft.step)
    fitting = LogState.APPROVED if decision is Decision.REOPENED else LogState.SUBMITTED
    return decision if log.state is fitting and draft.answers.get("version") == log.version else None


# --- what is read -----------------------------------------------------------------------------------------------


def _head(view: View, submission: Submission) -> Markup:
    _, log = view.texts, submission.log
    late = _("review.late") if log.is_late else _("review.on_time")
    lines = [_("review.head", log=name_of(_, log), late=late)]
    if log.placement.mentor_id != view.person.id:
        lines.append(_("review.place", class_name=log.placement.rules.name, enterprise=log.placement.enterprise))
    if (last := submission.last) is not None and log.state is LogState.SUBMITTED:
        words = reasons.said(_, last.words)
        lines.append(_(_AGAIN[last.decision], number=submission.number, reviewer=last.reviewer, words=words))
    return join(lines)


def _written(_: Texts, log: Log, limit: int = 0) -> Markup:
    """Return what the student wrote, an answer to a question first; each section cut to a limit where there is one."""
    order = (Section.ANSWER, *WRITTEN)
    texts = {section: log.sections[section] for section in order if section in log.sections}
    if limit:
        texts = {section: shorten(text, limit) for section, text in texts.items()}
    return log_card.written(_, replace(log, sections=texts))


def _short(view: View, submission: Submission, *more: Markup | None) -> Markup:
    """Return the card in one message: long sections are shortened until it fits."""
    log, text = submission.log, _head(view, submission)
    for size in SIZES:
        text = join((_head(view, submission), _written(view.texts, log, size), *more), "\n\n")
        if len(split(text)) == 1:
            break
    return text


# --- before a decision ------------------------------------------------------------------------------------------


def _decide_buttons(view: View, log: Log) -> list[list[Button]]:
    _, origin = view.texts, origin_of(view)
    ask = [
        button(_.plain("review.button.needs_info"), "review.ask", log.id, log.version, f"needs_info.{origin}"),
        button(_.plain("review.button.return"), "review.ask", log.id, log.version, f"returned.{origin}"),
    ]
    rows = [[button(_.plain("review.button.approve"), "review.approve", log.id, log.version, origin), *ask], []]
    if log.files:
        rows[1].append(_photos(view, log))
    rows[1].append(button(_.plain("review.button.remarks"), "review.notes", log.id, log.version, origin))
    if origin == STUDENT:
        rows[1].append(_back_to_student(_, log))
    else:
        rows[1].append(button(_.plain("review.button.later"), "review.later", log.id, log.version, origin))
    if origin in {QUEUE, ALL}:
        rows[1].append(button(_.plain("review.button.list"), "queue.all" if origin == ALL else "queue"))
    return [*rows, tomorrow(_, log, origin) if origin in {QUEUE, ALL} else []]


def origin_of(view: View) -> str:
    """Return where the card was opened."""
    return str(view.args.get("origin", PUSHED))


def _photos(view: View, log: Log) -> Button:
    return button(view.texts.plain("review.button.photos"), "review.files", log.id, rest=origin_of(view))


def _back_to_student(_: Texts, log: Log) -> Button:
    return button(_.plain("review.button.weeks"), "student.logs", log.placement.student_id)


def previous(view: View) -> list[Button]:
    """Return the way back to the log of the queue that has just been decided, to undo it or to add a word."""
    if not view.args.get("after"):
        return []
    label = view.texts.plain("review.button.previous", name=view.args.get("name", ""))
    return [button(label, "review.open", int(view.args["after"]), rest=origin_of(view))]


async def _ask_reason(view: View, submission: Submission, decision: Decision) -> Message:
    _, log = view.texts, submission.log
    origin = (view.person.draft.answers if view.person.draft else {}).get("origin", PUSHED)
    ask = _(_ASK[decision], name=log.placement.student_name)
    rows = []
    its = await remarks.noted(view.tx, submission.revision_id, view.person.id)
    for code in ready_for(decision) if its else READY[decision]:
        rest = f"{decision.value}.{code}.{origin}"
        rows.append([button(reasons.said(_, CODE + code), "review.reason", log.id, log.version, rest)])
    back = button(_.plain("button.back"), "review.back", log.id, log.version, origin)
    return Message(_short(view, submission, notes.noted(_, its), ask), [*rows, [back]])


async def _folded(view: View, log: Log) -> Message:
    _ = view.texts
    opened = button(_.plain("review.button.open"), "review.open", log.id)
    following = await next_waiting(view)
    if at := view.args.get("at"):
        return Message(_("review.folded_tomorrow", log=name_of(_, log), at=at), [[opened], following])
    return Message(_("review.folded", log=name_of(_, log)), [[opened, *tomorrow(_, log, PUSHED)], following])


# --- after it ---------------------------------------------------------------------------------------------------


async def _decided(view: View, submission: Submission, draft: Draft | None) -> Message | None:
    _, log, last = view.texts, submission.log, submission.last
    if last is None:
        return None
    held = await outbox.is_held(view.tx, reviews.answer_key(last.id), now=view.now)
    name, mine = log.placement.student_name, last.reviewer_id == view.person.id
    values = {"name": name, "reviewer": last.reviewer, "at": dates.at(_, last.created_at, view.now, view.person.zone)}
    quoted = _("review.words", words=reasons.said(_, last.words)) if last.words else None
    back = _("review.comes_back", name=name) if log.is_open else None
    goes = _("review.goes_soon", name=name) if held and mine and last.decision is Decision.APPROVED else None
    said = join((_(_STATE[last.decision], **values), quoted, goes, back))
    its = await remarks.of_review(view.tx, last)
    more = join((rating(_, last), notes.said(_, its))) or None
    rows: list[list[Button]] = []
    undo = [button(_.plain("review.button.undo"), "review.undo", log.id, log.version)] if held and mine else []
    late = view.now >= last.created_at + WORD_WAITS
    word_open = last.decision is Decision.APPROVED and mine and not last.words
    if word_open and draft is not None and draft.step in {WORD, CONFIRM}:
        said, buttons = _ask_word(_, log, draft, held=held)
        rows.append([*buttons, *undo])
    elif word_open and not late:
        rows.append([button(_.plain("review.button.word"), "review.word", log.id, log.version), *undo])
    elif undo:
        rows.append(undo)
    if mine and log.state is LogState.APPROVED and not late and (draft is None or draft.step != CONFIRM):
        rows += notes.with_approval(_, log, last, origin_of(view))
    rows.append([_photos(view, log)] if log.files else [])
    if log.state is LogState.APPROVED and Role.COORDINATOR in view.person.roles:
        rows.append(await _reopen(view, log))
    rows.append([_back_to_student(_, log)] if origin_of(view) == STUDENT else await next_waiting(view))
    return Message(_short(view, submission, more, said), rows if any(rows) else [[home(_)]])


def _ask_word(_: Texts, log: Log, draft: Draft, *, held: bool) -> tuple[Markup, list[Button]]:
    name = log.placement.student_name
    if draft.step == CONFIRM:
        send = button(_.plain("review.button.send"), "review.send", log.id, draft.version)
        drop = button(_.plain("review.button.drop"), "review.done", log.id, draft.version)
        return _("review.confirm_word", name=name, words=draft.answers.get("words", "")), [send, drop]
    ask = N_("review.ask_word") if held else N_("review.ask_word_late")
    return _(ask, name=name), [button(_.plain("review.button.done"), "review.done", log.id, draft.version)]


async def _reopen(view: View, log: Log) -> list[Button]:
    if not await reviews.coordinates(view.tx, log.id, view.person.id):
        return []
    rest = f"reopened.{origin_of(view)}"
    return [button(view.texts.plain("review.button.reopen"), "review.ask", log.id, log.version, rest)]


async def next_waiting(view: View) -> list[Button]:
    """Return the way to the next log that waits, with how many there are."""
    origin = origin_of(view)
    number = await reviews.count_waiting(view.tx, view.person.id, today=today(view), everything=origin == ALL)
    if not number:
        return []
    rest = ALL if origin == ALL else ""
    return [button(view.texts.plain_plural("review.button.next", number), "queue.next", rest=rest)]


async def files_card(view: View) -> Message | None:
    """Show the photos and files of a log, with what the student wrote under them, and let it be decided on there."""
    submission = await reviews.for_reviewer(view.tx, view.subject, view.person.id, today=today(view))
    log, _ = submission.log, view.texts
    if submission.number is None:
        return None
    texts = [(number, entry.caption) for number, entry in enumerate(log.files, 1) if entry.caption]
    captions = [_("review.caption", number=number, text=caption) for number, caption in texts]
    text = join((_.plural("review.files", len(log.files), log=name_of(_, log)), *captions))
    attached = [Attachment(entry.file.kind, entry.file.telegram_file_id) for entry in log.files]
    opened = button(_.plain("review.button.text"), "review.open", log.id)
    if log.state is not LogState.SUBMITTED:
        return Message(text, [[opened]], attached)
    return Message(text, [_decide_buttons(view, log)[0], [opened]], attached)
