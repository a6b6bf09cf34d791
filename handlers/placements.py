"""Placements as they are read: the coordinator's card, and the student's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import join
from domain import weeks
from domain.people import Role
from domain.placements import nearest
from handlers.buttons import PAGE, button, home
from handlers.placement_lines import excused_lines, mentor_line, period, placement_buttons, week_line
from storage import placements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.placements import Placement


async def show_placement(context: Context, press: Press) -> Show:
    """Show a coordinator a placement."""
    await context.read(lambda tx: placements.for_coordinator(tx, press.id, context.person.id))
    return Show("placement", press.id)


async def show_mine(_context: Context, _press: Press) -> Show:
    """Show a student where they are placed."""
    return Show("my_placement")


async def show_mine_by_command(_context: Context, _words: str) -> Show:
    """Show a student where they are placed."""
    return Show("my_placement")


# --- cards ------------------------------------------------------------------------------------------------------


async def placement_card(view: View) -> Message | None:
    """Draw a placement for a coordinator, or the question whether it is to be cancelled."""
    placement = await placements.for_coordinator(view.tx, view.subject, view.person.id)
    _, today = view.texts, weeks.local_day(view.now, placement.zone)
    if view.args.get("sure"):
        return _cancelling(_, placement)
    excused = await placements.excused(view.tx, placement.id)
    ended = _("placement.end_reason", reason=placement.end_reason) if placement.end_reason else None
    joined = None if placement.student_person else _("placement.not_joined", name=placement.student_name)
    text = join(
        (
            _("placement.head", name=placement.student_name, number=placement.student_number),
            _("placement.class", class_name=placement.rules.name),
            *_facts(_, placement, today),
            ended,
            excused_lines(_, placement, excused),
            joined,
        )
    )
    rows = [] if placement.ends_on < today else placement_buttons(_, placement.id, begun=placement.starts_on <= today)
    back = button(_.plain("placement.student", name=placement.student_name), "student", placement.student_id)
    return Message(text, [*rows, *_takers(_, placement, excused), [back], [home(_)]])


def _facts(_: Texts, placement: Placement, today: date) -> tuple[Markup, ...]:
    return (
        _("placement.where", enterprise=placement.enterprise),
        _("placement.when", period=period(_, placement)),
        mentor_line(_, placement),
        week_line(_, placement, today),
    )


def _takers(_: Texts, placement: Placement, excused: Mapping[date, str]) -> list[list[Button]]:
    return [
        [
            button(
                _.plain("excuse.take_back", number=weeks.number(placement.starts_on, week)),
                "placement.unexcuse",
                placement.id,
                rest=week.isoformat(),
            )
        ]
        for week in sorted(excused, reverse=True)[:PAGE]
    ]


def _cancelling(_: Texts, placement: Placement) -> Message:
    text = _(
        "placement.sure_cancel",
        name=placement.student_name,
        enterprise=placement.enterprise,
        day=_.full_day(placement.starts_on),
    )
    yes = button(_.plain("placement.yes_cancel"), "placement.cancel", placement.id, placement.version)
    return Message(text, ((yes,), (button(_.plain("button.back"), "placement", placement.id),)))


async def mine_card(view: View) -> Message | None:
    """Draw a student's own placement: the one that runs, else the next, else the last."""
    _, mine = view.texts, await placements.of_person(view.tx, view.person.id)
    placement = nearest(mine, weeks.local_day(view.now, mine[0].zone)) if mine else None
    if placement is None:
        return Message(_("placement.mine_none"), ((home(_),),))
    today = weeks.local_day(view.now, placement.zone)
    excused = await placements.excused(view.tx, placement.id)
    text = join((_("placement.mine"), *_facts(_, placement, today), excused_lines(_, placement, excused)))
    write = [button(_.plain("button.log"), "log.now")] if placement.runs_on(today) else []
    return Message(text, (write, (home(_),)))


def register(routes: Routes) -> None:
    """Show placements to coordinators and to the student."""
    routes.command("placement", show_mine_by_command, role=Role.STUDENT)
    routes.button("placement", show_placement, role=Role.COORDINATOR)
    routes.button("placement.mine", show_mine, role=Role.STUDENT)
    routes.card("placement", placement_card)
    routes.card("my_placement", mine_card)
