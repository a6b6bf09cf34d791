"""Colleagues at the school: one suspends another, lets them in again or removes them; and leaving a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from handlers.buttons import PAGE, button, home, pager
from handlers.handover import refresh_staff_cards
from storage import classes, coordinators, drafts, outbox, people, schedule
from storage.errors import Conflict

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from storage.coordinators import Coordinator
    from storage.database import Transaction

_ACTS = {
    "suspend": ("coordinator_suspended", N_("coordinator.done_suspend")),
    "readmit": ("coordinator_readmitted", N_("coordinator.done_readmit")),
    "remove": ("coordinator_removed", N_("coordinator.done_remove")),
}
_SURE = {
    "suspend": (N_("coordinator.sure_suspend"), N_("coordinator.yes_suspend")),
    "remove": (N_("coordinator.sure_remove"), N_("coordinator.yes_remove")),
}
_NEWS = {
    "suspend": N_("coordinator.news_suspend"),
    "readmit": N_("coordinator.news_readmit"),
    "remove": N_("coordinator.news_remove"),
}
_HOLDS = {"suspend": True, "readmit": False, "remove": None}  # suspended, let in, no coordinator of the school


async def list_coordinators(_context: Context, press: Press) -> Show:
    """List one's colleagues at the school."""
    return Show("coordinators", args={"page": press.page})


async def show_coordinator(context: Context, press: Press) -> Show:
    """Show a colleague (`rest` is the school), or ask whether an act is meant (behind the school)."""
    school_id, sure = press.number, press.rest.partition(".")[2]
    await context.read(lambda tx: coordinators.for_colleague(tx, press.id, school_id, context.person.id))
    args: dict[str, str | int] = {"school": school_id}
    return Show("coordinator", press.id, args=args | ({"sure": sure} if sure in _SURE else {}))


async def change_access(context: Context, press: Press) -> Show:
    """Suspend a colleague, let one in again, or remove one; they are told."""
    school_id, act = press.number, press.rest.partition(".")[2]

    async def work(tx: Transaction) -> Show:
        them = await coordinators.for_colleague(tx, press.id, school_id, context.person.id)
        show = Show("coordinator", press.id, args={"school": school_id})
        if act not in _ACTS:
            raise Stale(show)
        try:
            await _change(tx, context, them, act)
        except Conflict:
            raise Stale(show) from None
        name, toast = _ACTS[act]
        await people.record_act(
            tx, actor_id=context.person.id, act=name, subject_kind="person", subject_id=press.id, now=context.now
        )
        if act in _SURE:
            await drafts.pause(tx, press.id)
        else:
            await schedule.replan_person(tx, press.id, context.now)
        await outbox.add(tx, press.id, "coordinator_news", school_id, args={"act": act}, now=context.now)
        await outbox.add(tx, press.id, "menu", now=context.now)
        await refresh_staff_cards(tx, press.id, now=context.now)
        return Show("coordinators", toast=toast) if act == "remove" else Show(show.card, show.subject, show.args, toast)

    return await context.write(work)


async def _change(tx: Transaction, context: Context, them: Coordinator, act: str) -> None:
    if act == "suspend":
        await coordinators.suspend(tx, them, context.person.id, now=context.now)
    elif act == "readmit":
        await coordinators.readmit(tx, them, context.person.id)
    else:
        await coordinators.remove(tx, them, context.person.id)


async def leave_class(context: Context, press: Press) -> Show:
    """Look after a class no longer, after the question; whoever still does is told."""
    if press.rest != "yes":
        return Show("class_leave", press.id)

    async def work(tx: Transaction) -> Show:
        me, now = context.person.id, context.now
        its = (await classes.for_coordinator(tx, press.id, me)).rules
        try:
            await coordinators.stop_covering(tx, its.id, me)
        except Conflict:
            raise Refused(N_("class.leave_last"), name=its.name) from None
        await people.record_act(tx, actor_id=me, act="class_left", subject_kind="class", subject_id=its.id, now=now)
        for colleague in await classes.covering(tx, its.id):
            args: dict[str, str | int] = {"by": context.person.name, "who": me}
            await outbox.add(tx, colleague.person_id, "class_left", its.id, args=args, now=now)
        await refresh_staff_cards(tx, me, now=now)
        return Show("classes", toast=N_("class.left_toast"))

    return await context.write(work)


# --- cards ------------------------------------------------------------------------------------------------------


async def list_card(view: View) -> Message | None:
    """Draw a page of the other coordinators of the reader's schools."""
    _, known = view.texts, await coordinators.others(view.tx, view.person.id)
    pages = max(1, -(-len(known) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    part = known[page * PAGE : (page + 1) * PAGE]
    lines = [
        _(
            N_("coordinators.line_suspended") if them.suspended else N_("coordinators.line"),
            name=them.name,
            school=them.school,
        )
        for them in part
    ]
    said = join(lines) if lines else _("coordinators.nobody")
    rows = [[button(them.name, "coordinator", them.person_id, rest=them.school_id)] for them in part]
    back = button(_.plain("colleagues.back"), "colleagues")
    return Message(
        join((_("coordinators.head"), said), "\n\n"), [*rows, pager(_, "coordinators", page, pages), [back, home(_)]]
    )


async def coordinator_card(view: View) -> Message | None:
    """Draw a colleague, or the question whether an act is meant."""
    _, school_id = view.texts, int(view.args.get("school", 0))
    them = await coordinators.for_colleague(view.tx, view.subject, school_id, view.person.id)
    if (sure := str(view.args.get("sure", ""))) in _SURE:
        return _question(_, them, sure)
    state = _("coordinator.suspended") if them.suspended else _("coordinator.active")
    text = join((_("coordinator.head", name=them.name, school=them.school), state))
    return Message(text, _buttons(_, them))


def _question(_: Texts, them: Coordinator, sure: str) -> Message:
    question, yes = _SURE[sure]
    left = _.plural("coordinator.then_alone", them.alone) if them.alone else None
    text = join((_(question, name=them.name, school=them.school), left), "\n\n")
    meant = button(_.plain(yes), "coordinator.do", them.person_id, rest=f"{them.school_id}.{sure}")
    back = button(_.plain("button.back"), "coordinator", them.person_id, rest=them.school_id)
    return Message(text, ((meant,), (back,)))


def _buttons(_: Texts, them: Coordinator) -> list[list[Button]]:
    def act(label: str, verb: str, name: str) -> list[Button]:
        return [button(label, verb, them.person_id, rest=f"{them.school_id}.{name}")]

    if them.suspended:
        first = act(_.plain("coordinator.readmit"), "coordinator.do", "readmit")
    else:
        first = act(_.plain("coordinator.suspend"), "coordinator", "suspend")
    back = button(_.plain("coordinators.back"), "coordinators")
    return [first, act(_.plain("coordinator.remove"), "coordinator", "remove"), [back, home(_)]]


async def news_card(view: View) -> Message | None:
    """Tell a coordinator what became of their access, while it is so."""
    act = str(view.args["act"])
    school, suspended = await coordinators.standing(view.tx, view.subject, view.person.id)
    if suspended is not _HOLDS[act]:
        return None
    return Message(view.texts(_NEWS[act], name=view.person.name, school=school), ((home(view.texts),),))


async def leave_card(view: View) -> Message | None:
    """Ask whether somebody really wants to look after a class no longer."""
    _, its = view.texts, (await classes.for_coordinator(view.tx, view.subject, view.person.id)).rules
    names = [one.name for one in await classes.covering(view.tx, its.id) if one.person_id != view.person.id]
    back = button(_.plain("button.back"), "class.colleagues", its.id)
    if not names:
        return Message(_("class.leave_last", name=its.name), ((back,),))
    yes = button(_.plain("class.leave_yes"), "class.leave", its.id, rest="yes")
    text = _("class.leave_sure", name=its.name, names=_.plain("class.comma").join(names))
    return Message(text, ((yes,), (back,)))


async def left_card(view: View) -> Message | None:
    """Tell whoever still looks after a class that a colleague does not any more."""
    _, its = view.texts, (await classes.for_coordinator(view.tx, view.subject, view.person.id)).rules
    covering = await classes.covering(view.tx, its.id)
    if view.args["who"] in {one.person_id for one in covering}:  # back by now
        return None
    text = _("class.left", by=str(view.args["by"]), name=its.name)
    return Message(text, ((button(_.plain("class.back", name=its.name), "class", its.id),),))


def register(routes: Routes) -> None:
    """Open the list of colleagues to coordinators."""
    role = Role.COORDINATOR
    routes.button("coordinators", list_coordinators, role=role)
    routes.button("coordinator", show_coordinator, role=role)
    routes.button("coordinator.do", change_access, role=role)
    routes.button("class.leave", leave_class, role=role, card="class")
    routes.card("coordinators", list_card)
    routes.card("coordinator", coordinator_card)
    routes.card("coordinator_news", news_card)
    routes.card("class_leave", leave_card)
    routes.card("class_left", left_card)
