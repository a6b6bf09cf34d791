"""Creating a class and changing its rules: name, specialty, time zone, deadline, term for answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Message, Show
from bot.texts import N_
from domain import zones
from domain.deadlines import USUAL, Deadline, of_code, read_deadline
from domain.people import Role
from domain.waiting import TERMS
from handlers import answers, cities
from handlers.buttons import button
from handlers.forms import Choice, Form, Step, open_form, register_form, resume_form
from storage import classes, drafts, people, placements, schools
from storage.errors import AlreadyExists, NotFound

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.schools import Class
    from handlers.forms import Answers
    from storage.database import Transaction

NEW, EDIT = "new_class", "edit_class"
NAME_LIMIT = 60
USUAL_DEADLINE = USUAL[0]
WAS = "was"  # beside the answers: the rules as they were when the form was opened
PLANNED_BY = {"time_zone", "due_weekday", "due_time"}  # columns that move reminders


# --- the questions ----------------------------------------------------------------------------------------------


def _take_name(_context: Context, message: telegram.Message, _answers: Answers) -> str:
    return answers.line(message, limit=NAME_LIMIT)


def _take_zone(context: Context, message: telegram.Message, _answers: Answers) -> str:
    fitting = cities.find(answers.line(message, limit=NAME_LIMIT), context.texts.values())
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Refused(N_("class.zone_several"), cities=", ".join(map(context._.city, fitting)))
    raise Refused(N_("class.zone_unknown"))


def _take_deadline(_context: Context, message: telegram.Message, _answers: Answers) -> str:
    deadline = read_deadline(answers.line(message, limit=NAME_LIMIT))
    if deadline is None:
        raise Refused(N_("class.deadline_unclear"))
    if not deadline.possible:
        raise Refused(N_("class.deadline_too_early"))
    return deadline.code


async def _zones(_tx: Transaction, reader: Context | View, _answers: Answers) -> list[Choice]:
    near = [zone for zone in (reader.person.time_zone,) if zone not in zones.COMMON]
    return [Choice(zone, reader._.city(zone)) for zone in (*near, *zones.COMMON)]


async def _deadlines(_tx: Transaction, reader: Context | View, _answers: Answers) -> list[Choice]:
    return [Choice(code, weekly(reader._, of_code(code))) for code in USUAL]


async def _terms(_tx: Transaction, reader: Context | View, _answers: Answers) -> list[Choice]:
    return [Choice(str(days), reader._.plain_plural("class.days", days)) for days in TERMS]


def weekly(_: Texts, deadline: Deadline) -> str:
    """Return a deadline as people say it: "Sunday 20:00", 周日20:00."""
    day = date.fromisocalendar(2024, 1, deadline.weekday + 1)  # any week will do
    return _.plain("class.weekly", weekday=_.weekday(day), clock=_.clock(deadline.at))


def deadline_of(rules: Class) -> Deadline:
    """Return the deadline of a class."""
    return Deadline(rules.due_weekday, rules.due_time)


NAME = Step("name", N_("class.ask_name"), N_("class.label_name"), _take_name)
SPECIALTY = Step("specialty", N_("class.ask_specialty"), N_("class.label_specialty"), _take_name, optional=True)
ZONE = Step("zone", N_("class.ask_zone"), N_("class.label_zone"), _take_zone, _zones, show=lambda _, zone: _.city(zone))
TERM = Step(
    "term",
    N_("class.ask_term"),
    N_("class.label_term"),
    choices=_terms,
    show=lambda _, days: _.plain_plural("class.days", int(days)),
)
DUE = Step(
    "due",
    N_("class.ask_due"),
    N_("class.label_due"),
    _take_deadline,
    _deadlines,
    show=lambda _, code: weekly(_, of_code(code)),
)


# --- a new class ------------------------------------------------------------------------------------------------


async def new_class(context: Context, press: Press) -> Show:
    """Ask for a new class of the coordinator's school; one that was begun is gone on with."""

    async def work(tx: Transaction) -> Show:
        mine = await schools.schools_of_coordinator(tx, context.person.id)
        chosen = [school for school in mine if school.id == press.id] or mine
        if len(chosen) > 1:
            return Show("class_school")
        school = chosen[0]
        if await drafts.get(tx, context.person.id, NEW, school.id):
            return await resume_form(tx, context, NEW, school.id)
        return await open_form(
            tx, context, NEW_CLASS, {"zone": school.time_zone, "due": USUAL_DEADLINE}, subject=school.id
        )

    return await context.write(work)


async def school_card(view: View) -> Message | None:
    """Ask somebody who coordinates several schools for which one the new class is."""
    mine = await schools.schools_of_coordinator(view.tx, view.person.id)
    rows = [(button(school.name, "class.new", school.id),) for school in mine]
    return Message(view._("class.which_school"), (*rows, (button(view._.plain("button.back"), "classes"),)))


async def _create(tx: Transaction, context: Context, said: Answers, school_id: int) -> Show:
    if school_id not in {school.id for school in await schools.schools_of_coordinator(tx, context.person.id)}:
        raise NotFound
    await _name_is_free(tx, school_id, said["name"])
    due = of_code(said["due"])
    class_id = await schools.create_class(
        tx,
        school_id=school_id,
        name=said["name"],
        specialty=said["specialty"] or "",
        time_zone=said["zone"],
        due_weekday=due.weekday,
        due_time=due.at,
        coordinator_id=context.person.id,
        now=context.now,
    )
    return Show("class", class_id, toast=N_("class.created"))


async def _name_is_free(tx: Transaction, school_id: int, name: str, but: int = 0) -> None:
    other = await schools.class_named(tx, school_id, name)
    if other is not None and other.id != but:
        raise Refused(N_("class.name_taken"), name=other.name)


# --- other rules ------------------------------------------------------------------------------------------------


async def edit_class(context: Context, press: Press) -> Show:
    """Show the rules of a class to be changed, with the question that the button names, if any."""

    async def work(tx: Transaction) -> Show:
        rules = (await classes.for_coordinator(tx, press.id, context.person.id)).rules
        if await drafts.get(tx, context.person.id, EDIT, press.id) is None:
            known = _as_answers(rules)
            await open_form(tx, context, EDIT_CLASS, {**known, WAS: known}, subject=press.id)
        if EDIT_CLASS.step(press.rest):
            await drafts.activate(tx, context.person.id, EDIT, subject=press.id, step=press.rest, now=context.now)
            return Show(EDIT, press.id)
        return await resume_form(tx, context, EDIT, press.id)

    return await context.write(work)


def _as_answers(rules: Class) -> Answers:
    return {
        "name": rules.name,
        "specialty": rules.specialty or None,
        "zone": rules.time_zone,
        "due": deadline_of(rules).code,
        "term": str(rules.answer_days),
    }


async def _save(tx: Transaction, context: Context, said: Answers, class_id: int) -> Show:
    rules = (await classes.for_coordinator(tx, class_id, context.person.id)).rules
    # A form that was begun in another version of the program knows fewer rules, or more.
    before = {name: said[WAS].get(name, is_now) for name, is_now in _as_answers(rules).items()}
    changed = {name: said[name] for name, was in before.items() if said.get(name, was) != was}
    columns = _as_columns(changed)
    if "name" in columns:
        await _name_is_free(tx, rules.school_id, said["name"], but=class_id)
    if not columns:
        return Show("class", class_id)
    try:
        await classes.change(tx, class_id, context.person.id, **columns)
    except AlreadyExists:
        raise Refused(N_("class.name_taken"), name=said["name"]) from None
    if PLANNED_BY & columns.keys():
        await placements.replan_class(tx, class_id, now=context.now)
    await people.record_act(
        tx,
        actor_id=context.person.id,
        act="class_changed",
        subject_kind="class",
        subject_id=class_id,
        now=context.now,
    )
    return Show("class", class_id, toast=N_("class.changed"))


def _as_columns(changed: Answers) -> dict[str, str | int]:
    columns: dict[str, str | int] = {}
    for name, value in changed.items():
        if name == "due":
            due = of_code(value)
            columns |= {"due_weekday": due.weekday, "due_time": due.at.isoformat("minutes")}
        elif name == "term":
            columns["answer_days"] = int(value)
        elif name == "zone":
            columns["time_zone"] = value
        else:
            columns[name] = value or ""
    return columns


NEW_CLASS = Form(
    NEW,
    N_("class.new_title"),
    (NAME, SPECIALTY, ZONE, DUE),
    _create,
    done=N_("class.create"),
    role=Role.COORDINATOR,
    after_cancel=lambda _subject: Show("classes"),
)
EDIT_CLASS = Form(
    EDIT,
    N_("class.edit_title"),
    (NAME, SPECIALTY, ZONE, DUE, TERM),
    _save,
    done=N_("class.save"),
    role=Role.COORDINATOR,
    after_cancel=lambda class_id: Show("class", class_id),
)


def register(routes: Routes) -> None:
    """Let coordinators create and change classes."""
    register_form(routes, NEW_CLASS)
    register_form(routes, EDIT_CLASS)
    routes.button("class.new", new_class, role=Role.COORDINATOR, card="classes")
    routes.button("class.edit", edit_class, role=Role.COORDINATOR, card="class")
    routes.card("class_school", school_card)
