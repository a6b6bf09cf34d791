"""The card of a log that is decided, and the one of its files: undone, added to, opened again, gone on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Attachment, Button, Message
from bot.texts import N_, join
from domain.logs import Decision, Log, LogState
from domain.people import Role
from domain.reviews import WORD_WAITS, Submission
from handlers import dates, reasons
from handlers import review_remarks_card as notes
from handlers.buttons import button, home
from handlers.remarks import rating
from handlers.review_parts import (
    CONFIRM,
    STUDENT,
    WORD,
    back_to_student,
    decide_buttons,
    name_of,
    next_waiting,
    origin_of,
    photos,
    short,
    today,
)
from storage import outbox, remarks, reviews

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.texts import Texts
    from domain.people import Draft

_STATE = {
    Decision.APPROVED: N_("review.state.approved"),
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
    quoted = _("review.words", words=reasons.said(_, last.words)) if last.words else None
    back = _("review.comes_back", name=name) if log.is_open else None
    goes = _("review.goes_soon", name=name) if held and mine and last.decision is Decision.APPROVED else None
    said = join((_(_STATE[last.decision], **values), quoted, goes, back))
    its = await remarks.of_review(view.tx, last)
    more = join((rating(_, last), notes.said(_, log, its))) or None
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
    rows.append([photos(view, log)] if log.files else [])
    if log.state is LogState.APPROVED and Role.COORDINATOR in view.person.roles:
        rows.append(await _reopen(view, log))
    rows.append([back_to_student(_, log)] if origin_of(view) == STUDENT else await next_waiting(view))
    return Message(short(view, submission, more, said), rows if any(rows) else [[home(_)]])


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
    if log.state is not LogState.SUBMITTED:
        return Message(text, [[opened]], attached)
    return Message(text, [decide_buttons(view, log)[0], [opened]], attached)
