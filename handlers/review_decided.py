"""The card of a log that is decided, and the one of its files: undone, added to, opened again, gone on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Attachment, Button, Message
from bot.texts import N_, join
from domain.logs import Decision, Log, LogState
from domain.people import Role
from domain.remarks import length_of
from domain.reviews import WORD_WAITS, Submission
from handlers import dates, reasons
from handlers import review_remarks_card as notes
from handlers.buttons import button, home
from handlers.remarks import listen, rating
from handlers.review_parts import (
    CONFIRM,
    HEAR,
    STUDENT,
    WORD,
    back_to_student,
    decide_buttons,
    may_answer,
    name_of,
    next_waiting,
    origin_of,
    passed_on,
    photos,
    short,
    today,
)
from handlers.voices import MINUTES
from storage import outbox, phrases, remarks, reviews

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.texts import Texts
    from domain.people import Draft

_STATE = {
    Decision.APPROVED: N_("review.state.approved"),
    Decision.PASSED: N_("review.state.approved"),
    Decision.NEEDS_INFO: N_("review.state.needs_info"),
    Decision.RETURNED: N_("review.state.returned"),
    Decision.REOPENED: N_("review.state.reopened"),
}


async def decided(view: View, submission: Submission, draft: Draft | None) -> Message | None:
    """Draw a log that was decided, for whoever decided it or may yet say something to it."""
    _, log, last = view.texts, submission.log, submission.last
    if last is None:
        return None
    held = await outbox.is_held(view.tx, reviews.answer_key(last.id), now=view.now)
    name, mine = log.placement.student_name, last.reviewer_id == view.person.id
    values = {"name": name, "reviewer": last.reviewer, "at": dates.at(_, last.created_at, view.now, view.person.zone)}
    words = reasons.said(_, last.words, last.language)
    quoted = _("review.words", words=words) if words else None
    back = _comes_back(view, log) if log.is_open else None
    goes = _("review.goes_soon", name=name) if held and mine and last.decision is Decision.APPROVED else None
    said = join((_(_STATE[last.decision], **values), quoted, goes, back, _at_school(view, log)))
    before = await passed_on(view, submission) if last is not submission.passed else None
    its = await remarks.of_review(view.tx, last)
    more = join((rating(_, last), notes.said(_, log, its, last.language))) or None
    rows: list[list[Button]] = []
    undo = [button(_.plain("review.button.undo"), "review.undo", log.id, log.version)] if held and mine else []
    own = submission.approval_of(view.person.id)
    late = own is None or view.now >= own.created_at + WORD_WAITS
    word_open = own is not None and not own.words
    if word_open and draft is not None and draft.step in {WORD, CONFIRM}:
        ask, buttons = _ask_word(_, submission, draft, held=held)
        said = ask if mine else join((said, ask), "\n\n")
        rows.append([*buttons, *undo])
        if draft.step == WORD:
            rows += notes.words_to_say(_, log, await phrases.of_person(view.tx, view.person.id))
    elif word_open and not late:
        rows.append([button(_.plain("review.button.word"), "review.word", log.id, log.version), *undo])
    elif undo:
        rows.append(undo)
    if own is last and not late and (draft is None or draft.step != CONFIRM):
        rows += notes.with_approval(_, log, last, origin_of(view))
    rows.append([*listen(_, HEAR, log, its, rest=origin_of(view)), *([photos(view, log)] if log.files else [])])
    if log.state is LogState.APPROVED and Role.COORDINATOR in view.person.roles:
        rows.append(await _reopen(view, log))
    rows.append([back_to_student(_, log)] if origin_of(view) == STUDENT else await next_waiting(view))
    return Message(short(view, submission, before, more, said), rows if any(rows) else [[home(_)]])


def _comes_back(view: View, log: Log) -> Markup:
    """Say where a log comes that its student has got back."""
    to_school = log.with_school and Role.COORDINATOR not in view.person.roles
    said = N_("review.comes_to_school") if to_school else N_("review.comes_back")
    return view.texts(said, name=log.placement.student_name)


def _at_school(view: View, log: Log) -> Markup | None:
    """Say since when the school has a log; None where it does not wait there."""
    if log.state is not LogState.SUBMITTED or log.school_since is None:
        return None
    return view.texts("review.at_school", at=dates.at(view.texts, log.school_since, view.now, view.person.zone))


def _ask_word(_: Texts, submission: Submission, draft: Draft, *, held: bool) -> tuple[Markup, list[Button]]:
    log = submission.log
    name = log.placement.student_name
    if draft.step == CONFIRM:
        send = button(_.plain("review.button.send"), "review.send", log.id, draft.version)
        drop = button(_.plain("review.button.drop"), "review.done", log.id, draft.version)
        if "voice" in draft.answers:
            return _("review.confirm_voice", name=name, length=length_of(draft.answers["seconds"])), [send, drop]
        return _("review.confirm_word", name=name, words=draft.answers.get("words", "")), [send, drop]
    ask = N_("review.ask_word") if held else N_("review.ask_word_late")
    if log.state is LogState.SUBMITTED:
        ask = N_("review.ask_word_passed")
    done = button(_.plain("review.button.done"), "review.done", log.id, draft.version)
    return _(ask, name=name, minutes=MINUTES), [done]


async def _reopen(view: View, log: Log) -> list[Button]:
    if not await reviews.coordinates(view.tx, log.id, view.person.id):
        return []
    rest = f"reopened.{origin_of(view)}"
    return [button(view.texts.plain("review.button.reopen"), "review.ask", log.id, log.version, rest)]


# --- its files --------------------------------------------------------------------------------------------------


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
    if not await may_answer(view.tx, view.person, log):
        return Message(text, [[opened]], attached)
    return Message(text, [decide_buttons(view, log)[0], [opened]], attached)
