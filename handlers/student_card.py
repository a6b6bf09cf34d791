"""A student's card for the coordinator: how the account stands, where they are placed, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.students import Standing
from domain.weeks import local_day
from handlers.buttons import button, home
from handlers.placement_lines import excused_lines, placement_buttons, placement_line
from handlers.student_acts import CONFIRM, confirmation
from storage import placements, roster

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.placements import Placement
    from domain.students import Student

_STANDINGS = {
    Standing.JOINED: N_("student.joined"),
    Standing.WAITING: N_("student.waiting"),
    Standing.SUSPENDED: N_("student.suspended"),
    Standing.FREED: N_("student.freed"),
    Standing.REMOVED: N_("student.removed"),
}


async def show_student(context: Context, press: Press) -> Show:
    """Open a student's card, or ask whether an act on it is meant."""
    today = local_day(context.now, context.person.zone)
    await context.read(lambda tx: roster.for_coordinator(tx, press.id, context.person.id, today=today))
    return Show("student", press.id, args={"sure": press.rest} if press.rest in CONFIRM else {})


async def student_card(view: View) -> Message | None:
    """Draw a student's card, or the question whether an act on it is meant."""
    today = local_day(view.now, view.person.zone)
    student = await roster.for_coordinator(view.tx, view.subject, view.person.id, today=today)
    _, mine = view.texts, await placements.of_student(view.tx, student.id)
    joined = _.full_day(local_day(student.joined_at, view.person.zone)) if student.joined_at else ""
    lines = [
        _("student.head", name=student.name, number=student.number, class_name=student.class_name),
        _(_STANDINGS[student.standing], day=joined),
    ]
    placed = [await _placed(view, placement, today) for placement in mine] or [_("student.no_placement")]
    if (sure := str(view.args.get("sure", ""))) in CONFIRM:
        return confirmation(_, student, sure)
    return Message(join((join(lines), join(placed, "\n\n")), "\n\n"), _student_buttons(_, student, today))


async def _placed(view: View, placement: Placement, today: date) -> Markup:
    excused = await placements.excused(view.tx, placement.id)
    lines = placement_line(view.texts, placement, today), excused_lines(view.texts, placement, excused)
    return join(lines)


def _student_buttons(_: Texts, student: Student, today: date) -> list[list[Button]]:
    def act(label: str, verb: str, rest: str = "") -> Button:
        return button(label, verb, student.id, rest=rest)

    rows: list[list[Button]] = []
    standing = student.standing
    if standing is Standing.REMOVED:
        rows.append([act(_.plain("student.take_back"), "student.do", "back")])
    elif student.placement_id is None or student.starts_on is None:
        if standing is not Standing.SUSPENDED:
            rows.append([act(_.plain("student.place"), "place")])
    else:
        rows += placement_buttons(_, student.placement_id, begun=student.starts_on <= today)
        rows[-1].append(button(_.plain("placement.open"), "placement", student.placement_id))
    rows.append([act(_.plain("review.button.weeks"), "student.logs"), act(_.plain("flag.weeks"), "pulses")])
    if standing is Standing.SUSPENDED:
        rows.append([act(_.plain("student.readmit"), "student.do", "readmit")])
    if standing is Standing.FREED:
        rows.append([act(_.plain("student.keep"), "student.do", "keep")])
    if standing is Standing.JOINED:
        rows.append([act(_.plain("student.suspend"), "student", "suspend")])
    if student.person_id is not None:
        rows.append([act(_.plain("student.free"), "student", "free")])
    if standing is not Standing.REMOVED:
        rows.append([act(_.plain("student.remove"), "student", "remove")])
    back = button(
        _.plain("students.back", class_name=student.class_name), "students", student.class_id, rest=f"s{student.id}"
    )
    return [*rows, [back], [home(_)]]


def register(routes: Routes) -> None:
    """Show students to their coordinators."""
    routes.button("student", show_student, role=Role.COORDINATOR)
    routes.card("student", student_card)
