"""Care: what a coordinator has to do about students who need somebody, and the school's number for emergencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.sos import State, phone_number
from handlers import answers, dates
from handlers.buttons import PAGE, button, home, pager
from handlers.forms import Answers, Form, Step, open_form, register_form
from storage import people, pulse, sos
from storage.errors import NotFound

if TYPE_CHECKING:
    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.sos import Call
    from storage.database import Transaction

CARD, NUMBER = "care", "school_number"
NUMBER_LIMIT = 40
_STATES = {State.OPEN: N_("care.open"), State.TAKEN: N_("care.taken"), State.CLOSED: N_("care.closed")}
_SIGNS = {State.OPEN: "🆘", State.TAKEN: "🙋", State.CLOSED: "✅"}


async def show_care(_context: Context, press: Press) -> Show:
    """List the calls for help, a page of them at a time."""
    return Show(CARD, args={"page": press.page})


async def care_card(view: View) -> Message | None:
    """Draw the calls for help, those first that wait, and the numbers that students see."""
    _, me, page = view.texts, view.person.id, int(view.args.get("page", 0))
    calls = await sos.of_coordinator(view.tx, me, limit=PAGE + 1, offset=page * PAGE)
    shown = calls[:PAGE]
    lines = join(_line(view, call) for call in shown) or _("care.nothing")
    numbers = await sos.numbers_of_coordinator(view.tx, me)
    to_call = await pulse.count_flags(view.tx, me)
    call = [[button(_.plain_plural("care.to_call", to_call), "flags")]] if to_call else []
    said = join(_number(_, name, number) for _id, name, number in numbers)
    rows = [[button(f"{_SIGNS[call.state]} {call.student_name}", "sos.open", call.id)] for call in shown]
    pages = page + (2 if len(calls) > PAGE else 1)
    change = [[button(_.plain("care.change_number", school=name), "school.number", id_)] for id_, name, _n in numbers]
    text = join((_("care.title"), lines, said), "\n\n")
    return Message(text, [*call, *rows, pager(_, CARD, page, pages), *change, [home(_)]])


def _line(view: View, call: Call) -> Markup:
    at = dates.at(view._, call.created_at, view.now, view.person.zone)
    return view._(_STATES[call.state], name=call.student_name, class_name=call.class_name, at=at)


def _number(_: Texts, school: str, number: str) -> Markup:
    return _("care.number", school=school, number=number) if number else _("care.no_number", school=school)


# --- the school's number ----------------------------------------------------------------------------------------


async def ask_number(context: Context, press: Press) -> Show:
    """Ask for the number that a school's students see in an emergency."""

    async def work(tx: Transaction) -> Show:
        await _school(tx, press.id, context.person.id)
        return await open_form(tx, context, NUMBER_FORM, subject=press.id)

    return await context.write(work)


async def _school(tx: Transaction, school_id: int, person_id: int) -> str:
    mine = {id_: name for id_, name, _number in await sos.numbers_of_coordinator(tx, person_id)}
    if school_id not in mine:
        raise NotFound
    return mine[school_id]


def _take_number(_context: Context, message: telegram.Message, _answers: Answers) -> str:
    number = phone_number(answers.line(message, limit=NUMBER_LIMIT))
    if number is None:
        raise Refused(N_("care.number_unclear"))
    return number


async def _keep_number(tx: Transaction, context: Context, said: Answers, school_id: int) -> Show:
    await _school(tx, school_id, context.person.id)
    await sos.set_school_number(tx, school_id, context.person.id, said["number"] or "")
    await people.record_act(
        tx,
        actor_id=context.person.id,
        act="emergency_number_changed",
        subject_kind="school",
        subject_id=school_id,
        now=context.now,
    )
    return Show(CARD, toast=N_("care.number_kept"))


async def _head(view: View) -> Markup:
    return view._("care.of_school", school=await _school(view.tx, view.subject, view.person.id))


NUMBER_FORM = Form(
    NUMBER,
    N_("care.number_title"),
    (Step("number", N_("care.ask_number"), N_("care.number_label"), _take_number, optional=True),),
    _keep_number,
    done=N_("care.keep_number"),
    role=Role.COORDINATOR,
    after_cancel=lambda _school_id: Show(CARD),
    head=_head,
)


def register(routes: Routes) -> None:
    """Open the room to coordinators."""
    routes.button("care", show_care, role=Role.COORDINATOR)
    routes.button("school.number", ask_number, role=Role.COORDINATOR, card=CARD)
    routes.card(CARD, care_card)
    register_form(routes, NUMBER_FORM)
