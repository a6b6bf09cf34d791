"""Students of a class: who has joined, who is placed where, in pages of five, found by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.students import Standing
from domain.weeks import local_day
from domain.words import whole_number
from handlers import answers
from handlers.buttons import PAGE, button, home, pager
from storage import classes, drafts, people, roster, schools

if TYPE_CHECKING:
    from datetime import date

    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.people import Draft
    from domain.students import Student
    from storage.database import Transaction

LIST = "students"  # the card of a class's list, and the form that takes what is typed to search in it
FIND = "find"
NUMBER_LIMIT = 60

_LINES = {
    Standing.JOINED: N_("student.line_joined"),
    Standing.WAITING: N_("student.line_waiting"),
    Standing.SUSPENDED: N_("student.line_suspended"),
    Standing.FREED: N_("student.line_freed"),
    Standing.REMOVED: N_("student.line_removed"),
}


async def list_by_command(context: Context, _words: str) -> Show:
    """Open the list of the only class, or the choice of a class."""
    return await context.write(lambda tx: _open_list(tx, context, 0))


async def list_students(context: Context, press: Press) -> Show:
    """Open a class's list, turn its pages, or come back to the page of a student."""
    if not press.rest:
        return await context.write(lambda tx: _open_list(tx, context, press.id))
    await context.read(lambda tx: schools.class_for_coordinator(tx, press.id, context.person.id))
    place, number = ("at", press.rest[1:]) if press.rest.startswith("s") else ("page", press.rest)
    return Show(LIST, press.id, args={place: whole_number(number)})


async def _open_list(tx: Transaction, context: Context, class_id: int) -> Show:
    me = context.person.id
    if not class_id:
        covered = await schools.classes_of_coordinator(tx, me)
        if len(covered) != 1:
            return Show("students_classes")
        class_id = covered[0].id
    await schools.class_for_coordinator(tx, class_id, me)
    active = (await people.by_id(tx, me)).draft
    if active and active.form == LIST:
        await drafts.close(tx, me, LIST, active.subject)
    await drafts.close(tx, me, LIST, class_id)
    if active is None or active.form == LIST:  # another form that waits for an answer is not disturbed
        await drafts.activate(tx, me, LIST, subject=class_id, step=FIND, now=context.now)
    return Show(LIST, class_id)


async def ask_whom(context: Context, press: Press) -> Show:
    """Take what is typed next as the name or number of a student of this class."""

    async def work(tx: Transaction) -> Show:
        await schools.class_for_coordinator(tx, press.id, context.person.id)
        await drafts.activate(tx, context.person.id, LIST, subject=press.id, step=FIND, answers={}, now=context.now)
        return Show(LIST, press.id, args={"ask": 1})

    return await context.write(work)


async def find_student(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Show whom typed words fit: the one student, or the list of those."""
    words = answers.line(message, limit=NUMBER_LIMIT)

    async def work(tx: Transaction) -> Show:
        me, today = context.person.id, local_day(context.now, context.person.zone)
        await schools.class_for_coordinator(tx, draft.subject, me)
        known = await roster.of_class(tx, draft.subject, me, today=today)
        fitting = [student for student in known if student.fits(words)]
        if len(fitting) == 1:
            return Show("student", fitting[0].id)
        await drafts.activate(tx, me, LIST, subject=draft.subject, step=FIND, answers={"words": words}, now=context.now)
        return Show(LIST, draft.subject)

    return await context.write(work)


async def choose_class(_context: Context, press: Press) -> Show:
    """Go to the students of another class."""
    return Show("students_classes", args={"page": press.page})


# --- cards ------------------------------------------------------------------------------------------------------


async def classes_card(view: View) -> Message | None:
    """Let a coordinator choose whose students to see."""
    _, covered = view.texts, await classes.of_coordinator(view.tx, view.person.id)
    if not covered:
        return Message(_("students.no_class"), ((home(_),),))
    pages = max(1, -(-len(covered) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    rows = [
        [
            button(
                _.plain("students.class_button", name=its.rules.name, joined=its.joined, listed=its.listed),
                LIST,
                its.rules.id,
            )
        ]
        for its in covered[page * PAGE : (page + 1) * PAGE]
    ]
    return Message(_("students.which_class"), [*rows, pager(_, "students.classes", page, pages), [home(_)]])


async def list_card(view: View) -> Message | None:
    """Draw a page of a class's list."""
    its = await schools.class_for_coordinator(view.tx, view.subject, view.person.id)
    _, today = view.texts, local_day(view.now, its.zone)
    everyone = await roster.of_class(view.tx, its.id, view.person.id, today=today)
    draft = await drafts.get(view.tx, view.person.id, LIST, its.id)
    words = str(draft.answers.get("words", "")) if draft else ""
    shown = [student for student in everyone if student.fits(words)] if words else everyone
    pages = max(1, -(-len(shown) // PAGE))
    page = min(_page_asked(view, shown), pages - 1)
    part = shown[page * PAGE : (page + 1) * PAGE]
    text = join((_head(_, its.name, everyone, view, words), _body(_, part, today, searched=bool(words))), "\n\n")
    rows = [[button(_student_label(student), "student", student.id)] for student in part]
    if everyone:
        search = [button(_.plain("students.find"), "students.find", its.id)]
        if words:
            search.insert(0, button(_.plain("students.all"), LIST, its.id))
        rows += [pager(_, LIST, page, pages, its.id), search]
    others = await schools.classes_of_coordinator(view.tx, view.person.id)
    other = [button(_.plain("students.other_class"), "students.classes")] if len(others) > 1 else []
    return Message(text, [*rows, [*other, home(_)]])


def _page_asked(view: View, shown: list[Student]) -> int:
    if wanted := view.args.get("at"):
        return next((index for index, student in enumerate(shown) if student.id == wanted), 0) // PAGE
    return int(view.args.get("page", 0))


def _head(_: Texts, name: str, everyone: list[Student], view: View, words: str) -> Markup:
    counted = [student for student in everyone if student.standing is not Standing.REMOVED]
    joined = sum(student.person_id is not None for student in counted)
    placed = sum(student.placement_id is not None for student in counted)
    head = _("students.head", class_name=name, all=len(counted), joined=joined, placed=placed)
    if view.args.get("ask"):
        return join((head, _("students.ask")))
    return join((head, _("students.found", words=words))) if words else head


def _body(_: Texts, part: list[Student], today: date, *, searched: bool) -> Markup:
    if not part:
        return _("students.nobody_fits") if searched else _("students.nobody")
    return join(
        _(_LINES[student.standing], name=student.name, number=student.number, place=_place(_, student, today))
        for student in part
    )


def _place(_: Texts, student: Student, today: date) -> Markup:
    if student.starts_on is None or student.ends_on is None:
        return _("student.unplaced")
    if student.starts_on > today:
        return _("student.placed_from", enterprise=student.enterprise, day=_.day(student.starts_on))
    return _("student.placed_until", enterprise=student.enterprise, day=_.day(student.ends_on))


def _student_label(student: Student) -> str:
    return f"{student.name} · {student.number}"


def register(routes: Routes) -> None:
    """Open the lists to coordinators."""
    role = Role.COORDINATOR
    routes.command("students", list_by_command, role=role)
    routes.button("students", list_students, role=role)
    routes.button("students.classes", choose_class, role=role)
    routes.button("students.find", ask_whom, role=role)
    routes.form(LIST, find_student, role=role)
    routes.card("students_classes", classes_card)
    routes.card(LIST, list_card)
