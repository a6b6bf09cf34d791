"""Questions: "I need help with this" goes to the mentor at once, with the words that are there already.

One press asks, from the log or from a moment; one press or a line answers, and the answer reaches the student at once
and stands at the log of the week. At night a question waits for the reader's morning: what cannot wait has `/sos`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain import questions as rules
from domain import weeks
from domain.logs import LogState, Section
from domain.moments import MomentState
from domain.people import Role
from domain.questions import ANSWER_LIMIT, MOST, READY, State
from domain.reviews import CODE
from handlers import answers, question_cards
from handlers.log_card import FORM as LOG
from handlers.moment_cards import CARD as MOMENT
from handlers.question_cards import CARD, MINE, push
from storage import cards, drafts, logs, moments, outbox, people, placements, questions, schools
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    from datetime import date

    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.people import Draft
    from domain.placements import Placement
    from domain.questions import Question
    from storage.database import Transaction


# --- the student ------------------------------------------------------------------------------------------------


async def ask_from_log(context: Context, press: Press) -> Show:
    """Send the problems that are written in a log."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        text = log.sections.get(Section.PROBLEMS, "")
        if not text or log.state not in {LogState.DRAFT, LogState.RETURNED}:
            raise Stale(Show(LOG, log.id))
        return await _ask(tx, context, log.placement, log.week, text)

    return await context.write(work)


async def ask_from_moment(context: Context, press: Press) -> Show:
    """Send what a moment says; it is kept for the week's log too."""

    async def work(tx: Transaction) -> Show:
        moment = await moments.for_student(tx, press.id, context.person.id)
        if not moment.text or moment.state not in {MomentState.OFFERED, MomentState.SAVED}:
            raise Stale(Show(MOMENT, moment.id))
        if moment.state is MomentState.OFFERED:
            await moments.move(tx, moment, MomentState.SAVED)
        placement = await placements.for_student(tx, moment.placement_id, context.person.id)
        return await _ask(tx, context, placement, moment.week, moment.text)

    return await context.write(work)


async def _ask(tx: Transaction, context: Context, placement: Placement, week: date, text: str) -> Show:
    """Keep a question and send it; the same words are sent once."""
    same = [its for its in await questions.of_week(tx, placement.id, week) if its.text == text]
    if same:
        return Show(MINE, same[-1].id)
    if rules.asked_enough(await questions.asked_lately(tx, placement.id, now=context.now), placement, context.now):
        raise Refused(N_("question.enough"), most=MOST)
    question_id = await questions.ask(tx, placement.id, week, text, now=context.now)
    for reader in await placements.reviewers(tx, placement):
        await push(tx, reader, question_id, now=context.now)
    return Show(MINE, question_id, toast=N_("question.toast_sent"))


async def tell_coordinators(context: Context, press: Press) -> Show:
    """Ask the coordinators too, after a day without an answer."""

    async def work(tx: Transaction) -> Show:
        its = await questions.for_student(tx, press.id, context.person.id)
        if not its.can_be_told(context.now):
            raise Stale(Show(MINE, its.id))
        await questions.tell(tx, its.id, now=context.now)
        for reader in await schools.coordinators_of_class(tx, its.placement.rules.id):
            await push(tx, reader, its.id, now=context.now)
        return Show(MINE, its.id, toast=N_("question.toast_told"))

    return await context.write(work)


# --- who answers ------------------------------------------------------------------------------------------------


async def pick(context: Context, press: Press) -> Show:
    """Answer with a ready answer."""
    if press.rest not in READY:
        raise Stale(Show(CARD, press.id))

    async def work(tx: Transaction) -> Show:
        await _answer(tx, context, await _read(tx, context, press.id), CODE + press.rest)
        return Show(CARD, press.id, toast=N_("question.toast_answered"))

    return await context.write(work)


async def write(context: Context, press: Press) -> Show:
    """Take what is typed next as the answer."""

    async def work(tx: Transaction) -> Show:
        its = await _read(tx, context, press.id)
        if its.state is not State.OPEN:
            raise Stale(Show(CARD, its.id))
        await drafts.activate(tx, context.person.id, CARD, subject=its.id, step=CARD, now=context.now)
        return Show(CARD, its.id)

    return await context.write(work)


async def leave(context: Context, press: Press) -> Show:
    """Leave the question for now."""

    async def work(tx: Transaction) -> Show:
        await _read(tx, context, press.id)
        await drafts.close(tx, context.person.id, CARD, press.id)
        return Show(CARD, press.id)

    return await context.write(work)


async def take(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Answer with the words that were typed; a reply to another question answers that one."""
    return await take_reply(context, message) or await _take(context, draft.subject, message)


async def take_reply(context: Context, message: telegram.Message) -> Show | None:
    """Take a reply to the card of a question as the answer to it; None where it replies to none."""
    replied = message.reply_to_message
    if replied is None or message.text is None:
        return None
    person, card = context.person.id, replied.message_id
    question_id = await context.read(lambda tx: cards.shown_in(tx, person, CARD, card))
    return await _take(context, question_id, message) if question_id else None


async def _take(context: Context, question_id: int, message: telegram.Message) -> Show:
    words = answers.text(message, limit=ANSWER_LIMIT)

    async def work(tx: Transaction) -> Show:
        try:
            await _answer(tx, context, await _read(tx, context, question_id), words)
        except Conflict:
            await drafts.close(tx, context.person.id, CARD, question_id)
            return Show(CARD, question_id, {"problem": N_("question.has_answer")})
        except NotFound:
            await drafts.close(tx, context.person.id, CARD, question_id)
            return Show("home", args={"problem": N_("review.not_yours")})
        context.receipt = True
        return Show(CARD, question_id)

    return await context.write(work)


async def _read(tx: Transaction, context: Context, question_id: int) -> Question:
    today = weeks.local_day(context.now, context.person.zone)
    return await questions.for_reviewer(tx, question_id, context.person.id, today=today)


async def _answer(tx: Transaction, context: Context, its: Question, words: str) -> None:
    """Keep an answer, send it to the student at once, and show everybody else who was asked that there is one."""
    me, now, placement = context.person.id, context.now, its.placement
    await questions.answer(tx, its.id, me, words, now=now)
    await drafts.close(tx, me, CARD, its.id)
    await people.record_act(
        tx, actor_id=me, act="question_answered", subject_kind="question", subject_id=its.id, now=now
    )
    await outbox.settle_waiting(tx, CARD, its.id, now=now)
    if placement.student_person is not None:
        await outbox.add(tx, placement.student_person, MINE, its.id, now=now, unique_key=f"{MINE}:{its.id}")
    asked = [placement.mentor_id, placement.stand_in_id, *await schools.coordinators_of_class(tx, placement.rules.id)]
    for reader in asked:
        if reader is not None and reader != me:
            await outbox.add(tx, reader, CARD, its.id, now=now, manner=outbox.Manner.REFRESH)


def register(routes: Routes) -> None:
    """Let students ask and others answer."""
    student = Role.STUDENT
    routes.button("question.log", ask_from_log, role=student, card=LOG)
    routes.button("question.moment", ask_from_moment, role=student, card=MOMENT)
    routes.button("question.tell", tell_coordinators, role=student, card=MINE)
    for verb, run in (("pick", pick), ("write", write), ("back", leave)):
        routes.button(f"question.{verb}", run, card=CARD)
    routes.form(CARD, take)
    question_cards.register(routes)
