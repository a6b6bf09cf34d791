"""Questions as people read them: whoever answers, the student who asked, and everybody at the log of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Later
from bot.send import Message
from bot.texts import N_, join
from domain import reminders, weeks
from domain.questions import READY, Question, State, coded
from domain.words import shorten
from handlers import dates
from handlers.buttons import button, home
from storage import outbox, questions

if TYPE_CHECKING:
    from datetime import datetime

    from markupsafe import Markup

    from bot.context import View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log
    from storage.database import Transaction

CARD, MINE = "question", "my_question"  # of whoever answers, and of the student
_SHORT = 300  # characters of what stands at the log
_SENTENCES = {"show": N_("question.show"), "tomorrow": N_("question.tomorrow"), "wait": N_("question.wait")}


def answer_of(_: Texts, its: Question) -> str:
    """Return the answer, a ready one in the reader's language."""
    code = coded(its.answer)
    return _.plain(_SENTENCES[code]) if code else its.answer


def ask_button(_: Texts, verb: str, id_: int) -> Button:
    """Make the button that sends something at once."""
    return button(_.plain("question.ask"), verb, id_)


def who_answers(_: Texts, its: Question) -> str:
    """Return the name of whoever has the question."""
    placement = its.placement
    return (placement.stand_in_name if placement.handed_over else placement.mentor_name) or _.plain(
        "log.your_coordinator"
    )


async def push(tx: Transaction, reader: int, question_id: int, *, now: datetime) -> None:
    """Send a question to somebody who may answer it, once."""
    key, args = f"{CARD}:{question_id}:{reader}", {"pushed": 1}
    await outbox.add(tx, reader, CARD, question_id, args=args, now=now, unique_key=key)


async def at_log(view: View, log: Log) -> Markup | None:
    """Return what was asked in the week of a log and what was answered; None where nothing was."""
    if not log.asked:
        return None
    asked = await questions.of_week(view.tx, log.placement.id, log.week)
    return join((_at_log(view, its) for its in asked), "\n")


def _at_log(view: View, its: Question) -> Markup:
    _ = view.texts
    asked = _("question.line", at=dates.at(_, its.asked_at, view.now, view.person.zone), text=shorten(its.text, _SHORT))
    if its.state is State.OPEN:
        return asked
    return join((asked, _("question.line_answer", name=its.answerer, words=shorten(answer_of(_, its), _SHORT))))


async def question_card(view: View) -> Message | None:
    """Draw a question for whoever may answer it; at night it waits for the morning."""
    its = await questions.for_reviewer(
        view.tx, view.subject, view.person.id, today=weeks.local_day(view.now, view.person.zone)
    )
    _, draft, name = view.texts, view.person.draft, its.placement.student_name
    title = _("question.title", name=name, week=dates.week_name(_, its.number, its.week))
    text = _("question.text", text=its.text)
    if its.state is State.ANSWERED:
        said = _("question.answered", name=its.answerer, words=answer_of(_, its))
        return Message(join((title, text, said), "\n\n"), [[home(_)]])
    if draft is not None and (draft.form, draft.subject) == (CARD, its.id):
        back = button(_.plain("button.back"), "question.back", its.id)
        return Message(join((title, text, _("question.write_now", name=name)), "\n\n"), [[back]])
    if view.args.get("pushed") and reminders.is_quiet(view.now, view.person.zone):
        raise Later(reminders.after_quiet(view.now, view.person.zone))
    rows = [[button(_.plain(_SENTENCES[code]), "question.pick", its.id, rest=code)] for code in READY]
    rows.append([button(_.plain("question.write"), "question.write", its.id), home(_)])
    return Message(join((title, text, _("question.how", name=name)), "\n\n"), rows)


async def my_question_card(view: View) -> Message | None:
    """Draw a student's own question: who has it since when, or what was answered."""
    its, _ = await questions.for_student(view.tx, view.subject, view.person.id), view.texts
    to_log = button(_.plain("moment.to_log"), "log.open", its.placement.id, rest=its.week.isoformat())
    quoted = _("question.text", text=shorten(its.text, _SHORT))
    if its.state is State.ANSWERED:
        said = _("question.answer", name=its.answerer, words=answer_of(_, its))
        return Message(join((said, _("question.asked_this"), quoted), "\n\n"), [[to_log], [home(_)]])
    at = dates.at(_, its.asked_at, view.now, view.person.zone)
    told = _("question.told", at=dates.at(_, its.told_at, view.now, view.person.zone)) if its.told_at else None
    text = join((_("question.sent", name=who_answers(_, its), at=at), _at_night(view, its), told, _("question.urgent")))
    tell = [button(_.plain("waiting.ask_coordinators"), "question.tell", its.id)] if its.can_be_told(view.now) else []
    return Message(join((text, quoted), "\n\n"), [tell, [to_log], [home(_)]])


def _at_night(view: View, its: Question) -> Markup | None:
    """Say when a question that was asked at night is delivered, until it is."""
    morning = reminders.after_quiet(its.asked_at, its.placement.zone)
    if morning <= view.now:
        return None
    return view.texts("question.at_night", at=dates.at(view.texts, morning, view.now, view.person.zone))


def register(routes: Routes) -> None:
    """Draw questions."""
    routes.card(CARD, question_card)
    routes.card(MINE, my_question_card)
