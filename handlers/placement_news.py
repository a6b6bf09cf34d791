"""News about placements: what students and mentors read when one is made, changed or ended, or a week excused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.send import Message
from bot.texts import N_, join
from domain import weeks
from handlers import dates
from handlers.buttons import button, home
from handlers.placement_lines import mentor_line, next_log, period, reason_words
from storage import mentors, placements, roster, schools
from storage.errors import NotFound

if TYPE_CHECKING:
    from bot.context import View
    from bot.routes import Routes
    from domain.placements import Placement


async def made_card(view: View) -> Message | None:
    """Tell student or mentor of a placement, and what comes next."""
    _ = view.texts
    placement = await _of_reader(view)
    if placement.student_person == view.person.id:
        lines = (
            _("placement.made_student"),
            _("placement.where", enterprise=placement.enterprise),
            _("placement.when", period=period(_, placement)),
            mentor_line(_, placement),
        )
        text = join((join(lines), next_log(_, placement, view.person, view.now)), "\n\n")
        return Message(text, ((button(_.plain("placement.see_mine"), "placement.mine"),), (home(_),)))
    text = _(
        "placement.made_mentor",
        name=placement.student_name,
        class_name=placement.rules.name,
        enterprise=placement.enterprise,
        period=period(_, placement),
    )
    return Message(text, ((home(_),),))


async def _of_reader(view: View) -> Placement:
    try:
        return await placements.for_student(view.tx, view.subject, view.person.id)
    except NotFound:
        return await placements.for_mentor(view.tx, view.subject, view.person.id)


async def mentor_card(view: View) -> Message | None:
    """Tell a student who guides them from now on."""
    placement, _ = await placements.for_student(view.tx, view.subject, view.person.id), view.texts
    said = N_("placement.mentor_changed") if placement.mentor_id else N_("placement.mentor_gone")
    text = _(said, enterprise=placement.enterprise, name=placement.mentor_name)
    return Message(text, ((button(_.plain("placement.see_mine"), "placement.mine"),),))


async def ended_card(view: View) -> Message | None:
    """Tell student or mentor that a placement ends earlier than planned, and why."""
    placement, _ = await _of_reader(view), view.texts
    if not placement.ended_early:
        return None
    values = {
        "enterprise": placement.enterprise,
        "day": _.full_day(placement.ends_on),
        "reason": placement.end_reason,
        "name": placement.student_name,
    }
    if placement.student_person == view.person.id:
        until = _.full_day(placement.ends_on + weeks.AFTER_END)
        return Message(_("placement.ended_student", until=until, **values), ((home(_),),))
    return Message(_("placement.ended_mentor", **values), ((home(_),),))


async def excused_card(view: View) -> Message | None:
    """Tell a student that a week is excused, or owed after all."""
    placement, _ = await placements.for_student(view.tx, view.subject, view.person.id), view.texts
    week = date.fromisoformat(str(view.args["week"]))
    name = dates.week_name(_, weeks.number(placement.starts_on, week), week)
    reason = (await placements.excused(view.tx, placement.id)).get(week)
    if reason is not None:
        return Message(_("excuse.news", week=name, reason=reason_words(_, reason)), ((home(_),),))
    due = dates.due(_, weeks.due_at(week, placement.rules), view.now, view.person.zone)
    return Message(_("excuse.news_back", week=name, due=due), ((button(_.plain("button.log"), "log.now"),),))


async def left_card(view: View) -> Message | None:
    """Tell a mentor that a student now has another one."""
    placement = await placements.by_id(view.tx, view.subject)
    if placement.mentor_id == view.person.id:
        return None
    if not await mentors.is_mentor(view.tx, view.person.id, placement.enterprise_id):
        return None
    text = view._("placement.left", name=placement.student_name, enterprise=placement.enterprise)
    return Message(text, ((home(view.texts),),))


async def cancelled_card(view: View) -> Message | None:
    """Tell student or mentor that a placement which had not begun is cancelled; its subject is the student."""
    _, enterprise_id = view.texts, int(view.args["enterprise"])
    enterprise = (await schools.enterprise_by_id(view.tx, enterprise_id)).name
    day = _.full_day(date.fromisoformat(str(view.args["first"])))
    try:
        line = await roster.of_account(view.tx, view.subject, view.person.id)
    except NotFound:
        if not await mentors.is_mentor(view.tx, view.person.id, enterprise_id):
            return None
        name = await roster.name_of(view.tx, view.subject)
        return Message(_("placement.cancelled_mentor", name=name, enterprise=enterprise, day=day), ((home(_),),))
    if line["person_id"] != view.person.id:
        return None
    return Message(_("placement.cancelled_student", enterprise=enterprise, day=day), ((home(_),),))


def register(routes: Routes) -> None:
    """Draw the news."""
    routes.card("placement_made", made_card)
    routes.card("placement_mentor", mentor_card)
    routes.card("placement_left", left_card)
    routes.card("placement_ended", ended_card)
    routes.card("placement_cancelled", cancelled_card)
    routes.card("week_excused", excused_card)
