"""Requests to join: whoever the roster does not know waits, and a coordinator says yes or no on the card itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.roster import Match
from handlers.buttons import PAGE, button, home, pager
from handlers.glance import GLANCES
from handlers.home import doors
from storage import classes, drafts, outbox, people, schedule, schools, students
from storage.errors import AlreadyExists

if TYPE_CHECKING:
    from datetime import datetime

    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from storage.database import Transaction
    from storage.students import JoinRequest

_WHY = {
    Match.UNKNOWN: N_("join.request_unknown"),
    Match.OTHER_NAME: N_("join.request_other_name"),
    Match.OTHER_CLASS: N_("join.request_other_class"),
    Match.TAKEN: N_("join.request_taken"),
    Match.CLOSED: N_("join.request_closed"),
    Match.SAME: N_("join.request_same"),
}
_DECIDED = {
    "accepted": N_("join.request_accepted"),
    "declined": N_("join.request_declined"),
    "replaced": N_("join.request_replaced"),
}


async def push_to_coordinators(tx: Transaction, request_id: int, now: datetime) -> None:
    """Show a request, once, to everybody who covers the class or the one in which the roster has the number."""
    for coordinator in await students.coordinators_of_request(tx, request_id):
        key = f"join_request:{request_id}:{coordinator}"
        await outbox.add(tx, coordinator, "join_request", request_id, now=now, unique_key=key)


async def refresh_for_coordinators(tx: Transaction, request_id: int, now: datetime, but: int = 0) -> None:
    """Bring the cards of a request up to date that coordinators have."""
    for coordinator in await students.coordinators_of_request(tx, request_id):
        if coordinator != but:
            await outbox.add(tx, coordinator, "join_request", request_id, now=now, manner=outbox.Manner.REFRESH)


async def admit_student(tx: Transaction, person_id: int, *, class_id: int, name: str, now: datetime) -> None:
    """Give a new student the roster's name, the class's time zone, the reminders and the student's menu."""
    its = await schools.class_by_id(tx, class_id)
    await people.rename(tx, person_id, name)
    await people.set_time_zone(tx, person_id, its.time_zone)
    await schedule.replan_person(tx, person_id, now)
    await outbox.add(tx, person_id, "menu", now=now)


async def list_requests(_context: Context, press: Press) -> Show:
    """List who waits for a yes, in one class or (id 0) in all of the coordinator's."""
    return Show("requests", press.id, args={"page": press.page})


async def show_request(_context: Context, press: Press) -> Show:
    """Show a request."""
    return Show("join_request", press.id)


async def decide(context: Context, press: Press) -> Show:
    """Let somebody in whom the roster does not know, or not."""
    answer, _, seen = press.rest.partition(".")

    async def work(tx: Transaction) -> Show:
        request = await students.request_for_coordinator(tx, press.id, context.person.id)
        accepted = answer == "yes"
        if accepted and request.state == "waiting" and not request.is_readers:
            await push_to_coordinators(tx, request.id, context.now)  # the roster may have changed since the request
            return Show("join_request", request.id, toast=N_("button.stale"))
        if accepted and request.state == "waiting" and seen != request.match:
            raise Stale(Show("join_request", request.id))
        await refresh_for_coordinators(tx, request.id, context.now, but=context.person.id)
        try:
            await students.decide_request(tx, request, accepted=accepted, decided_by=context.person.id, now=context.now)
        except AlreadyExists:
            raise Refused(N_("join.request_elsewhere")) from None
        await _record(tx, context, "join_accepted" if accepted else "join_declined", request.person_id)
        if accepted:
            name = request.roster_name or request.name
            await admit_student(tx, request.person_id, class_id=request.class_id, name=name, now=context.now)
            await _tell_former(tx, context, request)
        await outbox.add(tx, request.person_id, "join_answer", request.id, now=context.now)
        return Show("join_request", request.id)

    return await context.write(work)


async def _tell_former(tx: Transaction, context: Context, request: JoinRequest) -> None:
    """Tell the account that had the number that it is elsewhere now."""
    if request.holder_id is None or request.holder_id == request.person_id:
        return
    await _record(tx, context, "number_moved", request.holder_id)
    await drafts.pause(tx, request.holder_id)
    lost: dict[str, str | int] = {"act": "free", "class": request.roster_class}
    await outbox.add(tx, request.holder_id, "student_news", request.line_id or 0, args=lost, now=context.now)
    await outbox.add(tx, request.holder_id, "menu", now=context.now)


async def _record(tx: Transaction, context: Context, act: str, person_id: int) -> None:
    await people.record_act(
        tx, actor_id=context.person.id, act=act, subject_kind="person", subject_id=person_id, now=context.now
    )


# --- the coordinator's cards ------------------------------------------------------------------------------------


async def list_card(view: View) -> Message | None:
    """List who waits, the oldest first, five on a page."""
    _, everyone = view.texts, await students.requests_of_coordinator(view.tx, view.person.id)
    waiting = [request for request in everyone if view.subject in {0, request.class_id}]
    last = [home(_)]
    if view.subject:
        its = (await classes.for_coordinator(view.tx, view.subject, view.person.id)).rules
        last.insert(0, button(_.plain("class.back", name=its.name), "class", its.id))
    if not waiting:
        return Message(_("requests.none"), [last])
    pages = -(-len(waiting) // PAGE)
    page = min(int(view.args.get("page", 0)), pages - 1)
    rows = []
    for one in waiting[page * PAGE : (page + 1) * PAGE]:
        label = _.plain("requests.line", name=one.name, number=one.number, class_name=one.class_name)
        rows.append([button(label, "request", one.id)])
    title = _.plural("requests.title", len(waiting))
    return Message(title, [*rows, pager(_, "requests", page, pages, view.subject), last])


async def request_card(view: View) -> Message | None:
    """Show a coordinator who asks to come in, and what the roster says."""
    request, _ = await students.request_for_coordinator(view.tx, view.subject, view.person.id), view.texts
    if request.state != "waiting":
        name = (request.roster_name if request.state == "accepted" else "") or request.name
        said = _(_DECIDED[request.state], name=name, number=request.number, class_name=request.class_name)
        return Message(said, await _after_decision(view))
    why = _(
        _WHY[request.match],
        number=request.number,
        class_name=request.class_name,
        roster_name=request.roster_name,
        roster_class=request.roster_class,
    )
    text = _("join.request", name=request.name, number=request.number, class_name=request.class_name)
    no = button(_.plain("join.decline"), "join.decide", request.id, rest="no")
    elsewhere = request.line_class_id not in {None, request.class_id}
    where = None
    if not request.is_readers or (elsewhere and request.match is not Match.OTHER_CLASS):
        where = _("join.request_listed", number=request.number, class_name=request.roster_class)
    if not request.is_readers:
        return Message(join((text, join((where, await _whom_to_ask(view, request)))), "\n\n"), ((no,),))
    words = {Match.TAKEN: N_("join.move"), Match.CLOSED: N_("join.readmit")}.get(request.match, N_("join.accept"))
    yes = button(_.plain(words), "join.decide", request.id, rest=f"yes.{request.match}")
    moves = _("join.request_moves", class_name=request.class_name) if where else None
    return Message(join((text, join((where, why, moves))), "\n\n"), ((yes,), (no,)))


async def _whom_to_ask(view: View, request: JoinRequest) -> Markup:
    _, covering = view.texts, await classes.covering(view.tx, request.line_class_id or 0)
    if not covering:
        return _("join.request_unclaimed", class_name=request.roster_class)
    return _("join.request_theirs", names=_.plain("class.comma").join(one.name for one in covering))


async def _after_decision(view: View) -> list[list[Button]]:
    _, left = view.texts, await students.requests_of_coordinator(view.tx, view.person.id)
    others = [[button(_.plain_plural("class.see_waiting", len(left)), "requests")]] if left else []
    return [*others, [home(_)]]


# --- the cards of whoever asked ---------------------------------------------------------------------------------


async def waiting_card(view: View) -> Message | None:
    """Say that the coordinator has been asked."""
    request, _ = await students.request_of_person(view.tx, view.subject, view.person.id), view.texts
    if request.state != "waiting":
        return await answer_card(view)
    text = _("join.waiting", class_name=request.class_name, name=request.name, number=request.number)
    invitation = int(view.args.get("invitation", 0))
    correct = [[button(_.plain("join.again"), "join.correct", invitation)]] if invitation else []
    return Message(text, [*correct, [home(_)]])


async def answer_card(view: View) -> Message | None:
    """Tell somebody what the coordinator decided."""
    request, _ = await students.request_of_person(view.tx, view.subject, view.person.id), view.texts
    if request.state == "accepted":
        name = view.person.name
        text = _("join.welcome_student", name=name, class_name=request.class_name, enterprise="", school="")
        glance = join(await GLANCES[Role.STUDENT](view))
        return Message(join((text, glance), "\n\n"), [*doors(_, [Role.STUDENT]), [home(_)]])
    if request.state == "declined":
        text = _("join.declined", class_name=request.class_name, name=request.name, number=request.number)
        return Message(text, [[home(_)]])
    return None


def register(routes: Routes) -> None:
    """Let coordinators decide."""
    role = Role.COORDINATOR
    routes.button("join.decide", decide, role=role, card="join_request")
    routes.button("requests", list_requests, role=role, card="requests")
    routes.button("request", show_request, role=role)
    routes.card("requests", list_card)
    routes.card("join_request", request_card)
    routes.card("join_waiting", waiting_card)
    routes.card("join_answer", answer_card)
