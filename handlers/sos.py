"""SOS: the emergency numbers at once, and one press that tells the school, at any hour; mentors hear nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Message, Show
from bot.texts import N_, join
from domain.sos import ANSWER_WITHIN, MOST_CLIMBS, MOST_WORDS, WORDS_LIMIT, State, StepKind
from domain.words import shorten
from handlers import answers, dates, sos_calls
from handlers.buttons import button, home
from handlers.sos_calls import MINE, tell_school
from storage import drafts
from storage import sos as records

if TYPE_CHECKING:
    from collections.abc import Sequence

    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.people import Draft
    from domain.sos import Call, Step
    from storage.database import Transaction

WORDS = "words"  # the step: what is typed goes to the school
NAMES_SHOWN = 3


async def show_numbers(context: Context, _words: str) -> Show:
    """Show the numbers, and how a call for help stands."""
    call = await context.read(lambda tx: records.under_way(tx, context.person.id))
    return Show(MINE, call.id if call else 0)


async def press_sos(context: Context, _press: Press) -> Show:
    """Show the same from a button."""
    return await show_numbers(context, "")


async def tell(context: Context, _press: Press) -> Show:
    """Call the school for help; a second press finds the call that is under way."""
    student_id = context.person.student_id
    if student_id is None:
        return Show(MINE)

    async def work(tx: Transaction) -> Show:
        me, known = context.person.id, await records.under_way(tx, context.person.id)
        if known is not None:
            return Show(MINE, known.id)
        call_id = await records.call(tx, student_id, me, now=context.now)
        await tell_school(tx, await records.for_student(tx, call_id, me), "called", now=context.now)
        await drafts.activate(tx, me, MINE, subject=call_id, step=WORDS, now=context.now)
        return Show(MINE, call_id, toast=N_("sos.telling"))

    return await context.write(work)


async def take_words(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Pass on what the student says about it, at once."""
    words = answers.text(message, limit=WORDS_LIMIT)

    async def work(tx: Transaction) -> Show:
        me = context.person.id
        call = await records.for_student(tx, draft.subject, me)
        if call.state is State.CLOSED:
            await drafts.close(tx, me, MINE, call.id)
            return Show(MINE, args={"problem": N_("sos.closed_meanwhile")})
        said = sum(step.kind is StepKind.WORDS for step in await records.steps(tx, call.id))
        if said >= MOST_WORDS:
            raise Refused(N_("sos.enough_words"))
        await records.add_words(tx, call.id, me, words, now=context.now)
        await tell_school(tx, call, f"words{said}", now=context.now)
        context.receipt = True
        return Show(MINE, call.id)

    return await context.write(work)


async def stop_writing(context: Context, press: Press) -> Show:
    """Let what is typed from now on not go to the school; the call goes on."""

    async def work(tx: Transaction) -> Show:
        call = await records.for_student(tx, press.id, context.person.id)
        await drafts.close(tx, context.person.id, MINE, call.id)
        return Show(MINE, call.id, toast=N_("sos.stopped_writing"))

    return await context.write(work)


async def write_more(context: Context, press: Press) -> Show:
    """Let what is typed from now on go to the school again."""

    async def work(tx: Transaction) -> Show:
        call = await records.for_student(tx, press.id, context.person.id)
        if call.state is not State.CLOSED:
            await drafts.activate(tx, context.person.id, MINE, subject=call.id, step=WORDS, now=context.now)
        return Show(MINE, call.id)

    return await context.write(work)


# --- the card ---------------------------------------------------------------------------------------------------


async def sos_card(view: View) -> Message | None:
    """Draw the numbers, and above them how the call stands, if there is one."""
    _, person = view.texts, view.person
    numbers = await _numbers(view)
    if not view.subject:
        is_student = person.student_id is not None
        hint = _("sos.tell_hint") if is_student else None
        rows: list[Sequence[Button]] = [(button(_.plain("sos.tell"), "sos.tell"),)] if is_student else []
        return Message(join((numbers, _("sos.no_service"), hint), "\n\n"), [*rows, (home(_),)])
    call = await records.for_student(view.tx, view.subject, person.id)
    steps = await records.steps(view.tx, call.id)
    if call.state is State.CLOSED:
        again = button(_.plain("sos.again"), "sos")
        return Message(join((_closed(_, steps), _("sos.not_over")), "\n\n"), [[again], [home(_)]])
    draft = person.draft
    writes = draft is not None and (draft.form, draft.subject) == (MINE, call.id)
    asked = _("sos.ask_words") if writes else None
    parts = (await _standing(view, call, steps), _said(_, steps), asked, numbers)
    return Message(join(parts, "\n\n"), [[_writing(_, call, writes=writes)], [home(_)]])


async def _numbers(view: View) -> Markup:
    _ = view.texts
    own = await records.school_number(view.tx, view.person.id)
    return join((_("sos.numbers"), _("sos.school_number", school=own[0], number=own[1]) if own else None))


def _writing(_: Texts, call: Call, *, writes: bool) -> Button:
    if writes:
        return button(_.plain("sos.stop_writing"), "sos.stop", call.id)
    return button(_.plain("sos.write_more"), "sos.write", call.id)


async def _standing(view: View, call: Call, steps: Sequence[Step]) -> Markup:
    _, minutes = view.texts, int(ANSWER_WITHIN.total_seconds() // 60)
    if call.state is State.TAKEN:
        taken = next(step for step in reversed(steps) if step.kind is StepKind.TAKEN)
        at = dates.at(_, taken.at, view.now, view.person.zone)
        return _("sos.taken", name=taken.name, at=at)
    known = [one.name for one in await records.asked(view.tx, call) if not one.stopped]
    names = _.plain("help.and").join(known[:NAMES_SHOWN])
    if not known:
        return _("sos.nobody")
    if call.has_climbed_out:
        return _("sos.climbed_out", minutes=minutes * (MOST_CLIMBS + 1), names=names)
    if call.climbs:
        return _.plural("sos.climbed", call.climbs, names=names, minutes=minutes)
    return _("sos.told", names=names, minutes=minutes)


def _said(_: Texts, steps: Sequence[Step]) -> Markup | None:
    words = [step.words for step in steps if step.kind is StepKind.WORDS]
    return _("sos.said", words=shorten(words[-1], 200)) if words else None


def _closed(_: Texts, steps: Sequence[Step]) -> Markup:
    last = next(step for step in reversed(steps) if step.kind is StepKind.CLOSED)
    return _("sos.closed", name=last.name, words=last.words)


def register(routes: Routes) -> None:
    """Open the room to everybody; only students have a school to tell."""
    routes.command("sos", show_numbers, lays_aside=False, open_to_all=True)
    routes.button("sos", press_sos, open_to_all=True)
    routes.button("sos.tell", tell, card=MINE, open_to_all=True)
    routes.button("sos.stop", stop_writing, card=MINE, open_to_all=True)
    routes.button("sos.write", write_more, card=MINE, open_to_all=True)
    routes.form(MINE, take_words, open_to_all=True)
    routes.card(MINE, sos_card)
    sos_calls.register(routes)
