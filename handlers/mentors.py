"""Mentors of an enterprise as the school sees them: who guides how many, and suspend, let in again, remove."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.weeks import local_day
from handlers.buttons import PAGE, button, home, pager
from handlers.handover import hand_over_applications, hand_over_logs
from handlers.placement_changes import change_mentor
from storage import applications, drafts, mentors, outbox, people, placements, schools
from storage.errors import Conflict

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.mentors import Mentor
    from domain.posts import Application
    from storage.database import Transaction

_ACTS = {
    "suspend": ("mentor_suspended", N_("mentor.done_suspend")),
    "readmit": ("mentor_readmitted", N_("mentor.done_readmit")),
    "remove": ("mentor_removed", N_("mentor.done_remove")),
}
_SURE = {
    "suspend": (N_("mentor.sure_suspend"), N_("mentor.yes_suspend")),
    "remove": (N_("mentor.sure_remove"), N_("mentor.yes_remove")),
}
_NEWS = {
    "suspend": N_("mentor.news_suspend"),
    "readmit": N_("mentor.news_readmit"),
    "remove": N_("mentor.news_remove"),
}


def _today(reader: Context | View) -> date:
    return local_day(reader.now, reader.person.zone)


async def list_mentors(context: Context, press: Press) -> Show:
    """List the mentors of an enterprise."""
    await context.read(lambda tx: schools.enterprise_for_coordinator(tx, press.id, context.person.id))
    return Show("mentors", press.id, args={"page": press.page})


async def show_mentor(context: Context, press: Press) -> Show:
    """Show a mentor (`rest` is the enterprise), or ask whether an act is meant (behind the enterprise)."""
    sure = press.rest.partition(".")[2]
    args: dict[str, str | int] = {"enterprise": press.number}
    await context.read(lambda tx: _mentor(tx, context, press.id, press.number))
    return Show("mentor", press.id, args=args | ({"sure": sure} if sure in _SURE else {}))


async def _mentor(tx: Transaction, reader: Context | View, mentor_id: int, enterprise_id: int) -> Mentor:
    return await mentors.for_coordinator(
        tx, mentor_id, reader.person.id, enterprise_id=enterprise_id, today=_today(reader)
    )


async def change_access(context: Context, press: Press) -> Show:
    """Suspend a mentor, let one in again, or remove one; they are told, and so are students left without."""
    enterprise_id, act = press.number, press.rest.partition(".")[2]

    async def work(tx: Transaction) -> Show:
        mentor = await _mentor(tx, context, press.id, enterprise_id)
        show = Show("mentor", press.id, args={"enterprise": enterprise_id})
        if act not in _ACTS:
            raise Stale(show)
        try:
            await _change(tx, context, mentor, act)
        except Conflict:
            raise Stale(show) from None
        name, toast = _ACTS[act]
        await people.record_act(
            tx,
            actor_id=context.person.id,
            act=name,
            subject_kind="person",
            subject_id=mentor.person_id,
            now=context.now,
        )
        if act in _SURE:
            await drafts.pause(tx, mentor.person_id)
        news: dict[str, str | int] = {"act": act, "enterprise": enterprise_id}
        await outbox.add(tx, mentor.person_id, "mentor_news", enterprise_id, args=news, now=context.now)
        await outbox.add(tx, mentor.person_id, "menu", now=context.now)
        if act == "remove":
            return Show("mentors", enterprise_id, toast=toast)
        return Show("mentor", press.id, args={"enterprise": enterprise_id}, toast=toast)

    return await context.write(work)


async def _change(tx: Transaction, context: Context, mentor: Mentor, act: str) -> None:
    """Change the access, and bring what waited for the mentor to whoever answers it now, or the other way round."""
    me, now = context.person.id, context.now
    before = await _applications(tx, mentor, me)
    await _change_access(tx, context, mentor, act)
    for placement_id in await mentors.placements_of(tx, mentor, me, today=date.min):
        await hand_over_logs(tx, placement_id, mentor.person_id, now=now)
    await hand_over_applications(tx, mentor.person_id, before, await _applications(tx, mentor, me), now=now)


async def _applications(tx: Transaction, mentor: Mentor, me: int) -> list[Application]:
    sent = await applications.unanswered_of_mentor(tx, mentor.person_id, mentor.enterprise_id, me)
    return [one for one in sent if mentor.person_id in await applications.answerers(tx, one)]


async def _change_access(tx: Transaction, context: Context, mentor: Mentor, act: str) -> None:
    me = context.person.id
    if act == "suspend":
        await mentors.suspend(tx, mentor, me, now=context.now)
    elif act == "readmit":
        await mentors.readmit(tx, mentor, me)
    else:
        for placement_id in await mentors.placements_of(tx, mentor, me, today=_today(context)):
            await change_mentor(tx, context, await placements.by_id(tx, placement_id), None)
        await mentors.remove(tx, mentor, me)


# --- cards ------------------------------------------------------------------------------------------------------


async def list_card(view: View) -> Message | None:
    """Draw a page of an enterprise's mentors."""
    enterprise = await schools.enterprise_for_coordinator(view.tx, view.subject, view.person.id)
    _, known = view.texts, await mentors.of_enterprise(view.tx, enterprise.id, view.person.id, today=_today(view))
    pages = max(1, -(-len(known) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    part = known[page * PAGE : (page + 1) * PAGE]
    lines = [
        _.plural("mentors.line_suspended", mentor.students, name=mentor.name)
        if mentor.suspended
        else _.plural("mentors.line", mentor.students, name=mentor.name)
        for mentor in part
    ]
    head = _("mentors.head", enterprise=enterprise.name)
    text = join((head, join(lines) if lines else _("mentors.nobody")), "\n\n")
    rows = [[button(mentor.name, "mentor", mentor.person_id, rest=enterprise.id)] for mentor in part]
    rows.append(pager(_, "mentors", page, pages, enterprise.id))
    back = button(_.plain("mentors.enterprise", enterprise=enterprise.name), "enterprise", enterprise.id)
    return Message(text, [*rows, [back], [home(_)]])


async def mentor_card(view: View) -> Message | None:
    """Draw a mentor, or the question whether an act is meant."""
    mentor, _ = await _mentor(view.tx, view, view.subject, int(view.args.get("enterprise", 0))), view.texts
    students = _.plural("mentor.students", mentor.students) if mentor.students else _("mentor.no_students")
    if (sure := str(view.args.get("sure", ""))) in _SURE:
        return _question(_, mentor, sure)
    state = _("mentor.suspended") if mentor.suspended else _("mentor.active")
    text = join((_("mentor.head", name=mentor.name, enterprise=mentor.enterprise), state, students))
    return Message(text, _buttons(_, mentor))


def _question(_: Texts, mentor: Mentor, sure: str) -> Message:
    question, yes = _SURE[sure]
    left = None
    if mentor.students:
        said = N_("mentor.then_without") if sure == "remove" else N_("mentor.then_waiting")
        left = _.plural(said, mentor.students)
    text = join((_(question, name=mentor.name, enterprise=mentor.enterprise), left), "\n\n")
    meant = button(_.plain(yes), "mentor.do", mentor.person_id, rest=f"{mentor.enterprise_id}.{sure}")
    back = button(_.plain("button.back"), "mentor", mentor.person_id, rest=mentor.enterprise_id)
    return Message(text, ((meant,), (back,)))


def _buttons(_: Texts, mentor: Mentor) -> list[list[Button]]:
    def act(label: str, verb: str, name: str) -> list[Button]:
        return [button(label, verb, mentor.person_id, rest=f"{mentor.enterprise_id}.{name}")]

    if mentor.suspended:
        first = act(_.plain("mentor.readmit"), "mentor.do", "readmit")
    else:
        first = act(_.plain("mentor.suspend"), "mentor", "suspend")
    back = [button(_.plain("mentors.back"), "mentors", mentor.enterprise_id)]
    return [first, act(_.plain("mentor.remove"), "mentor", "remove"), back, [home(_)]]


async def news_card(view: View) -> Message | None:
    """Tell a mentor what became of their access, while it is so."""
    act, enterprise_id = str(view.args["act"]), view.subject
    if await mentors.is_mentor(view.tx, view.person.id, enterprise_id) is not (act == "readmit"):
        return None
    _, enterprise = view.texts, await schools.enterprise_by_id(view.tx, enterprise_id)
    text = _(_NEWS[act], name=view.person.name, enterprise=enterprise.name)
    return Message(text, ((home(_),),))


def register(routes: Routes) -> None:
    """Open the lists of mentors to coordinators."""
    routes.button("mentors", list_mentors, role=Role.COORDINATOR)
    routes.button("mentor", show_mentor, role=Role.COORDINATOR)
    routes.button("mentor.do", change_access, role=Role.COORDINATOR)
    routes.card("mentors", list_card)
    routes.card("mentor", mentor_card)
    routes.card("mentor_news", news_card)
