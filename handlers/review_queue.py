"""The queue: what waits for a reviewer, oldest first; a mentor's students; and the logs of one student."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.context import Press
from bot.send import Message, Show
from bot.texts import N_, join
from domain import weeks
from domain.people import Role
from domain.waiting import is_overdue
from domain.words import whole_number
from handlers import dates
from handlers.access import admit_staff
from handlers.buttons import PAGE, button, home, pager
from handlers.log_weeks import SCHOOL, sign_of
from handlers.queue_acts import approve_button, of_student
from handlers.review_parts import ALL, FORM, QUEUE, STUDENT, origin_of, previous, today
from storage import openings, placements, reviews
from storage.logs import MENTOR_READS_ON

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from markupsafe import Markup

    from bot.context import Context, View
    from bot.routes import Routes
    from bot.send import Button
    from domain.logs import Log
    from domain.placements import Placement
    from storage.database import Transaction

WEEKS_SHOWN = 4  # of each student in a mentor's list


async def show_queue(context: Context, _words: str) -> Show:
    """List what waits."""
    admit_staff(context.person)
    return Show("queue")


async def list_queue(context: Context, press: Press) -> Show:
    """List what waits, a page of it, for oneself or (rest begins with "a") in all one's classes."""
    admit_staff(context.person)
    everything = press.rest.startswith(ALL)
    page = whole_number(press.rest.removeprefix(ALL))
    return Show("queue", press.id, {"origin": ALL if everything else QUEUE, "page": page})


async def list_students(context: Context, press: Press) -> Show:
    """List whose logs wait, for oneself or in all one's classes."""
    admit_staff(context.person)
    everything = press.rest.startswith(ALL)
    page = whole_number(press.rest.removeprefix(ALL))
    return Show("queue_students", args={"origin": ALL if everything else QUEUE, "page": page})


async def open_next(context: Context, press: Press) -> Show:
    """Open the log that has waited longest."""
    admit_staff(context.person)
    origin, me = ALL if press.rest == ALL else QUEUE, context.person.id

    async def work(tx: Transaction) -> Show:
        waiting = await reviews.queue(tx, me, today=today(context), everything=origin == ALL)
        if not waiting:
            return Show("queue", args={"origin": origin})
        await openings.note(tx, waiting[0].id, me)
        return Show(FORM, waiting[0].id, {"origin": origin})

    return await context.write(work)


async def queue_card(view: View) -> Message | None:
    """Draw the queue; its subject is the student whose logs are meant, if not all are."""
    _, origin = view.texts, ALL if origin_of(view) == ALL else QUEUE
    everything = await reviews.queue(view.tx, view.person.id, today=today(view), everything=origin == ALL)
    waiting = of_student(everything, view.subject)
    other = [] if origin == ALL else await _all_classes(view, len(everything))
    if not waiting:
        rows = [await approve_button(view, [], set(), origin), previous(view), other, [home(_)]]
        return Message(_("queue.empty"), rows)
    page, pages = _page(view, len(waiting))
    shown, opened = waiting[page * PAGE : (page + 1) * PAGE], await openings.opened(view.tx, view.person.id)
    lines = join(_line(view, log, opened) for log in shown)
    verb, rest = ("queue.of", ALL if origin == ALL else "") if view.subject else (_VERB[origin], "")
    rows = [[_open_button(view, log, origin)] for log in shown]
    rows.append(pager(_, verb, page, pages, view.subject, before=rest))
    rows.append(await approve_button(view, waiting, opened, origin))
    rows += [previous(view), _whose(view, everything, origin), other, [home(_)]]
    return Message(join((_title(view, waiting, origin), lines), "\n\n"), rows)


_VERB = {QUEUE: "queue", ALL: "queue.all"}


def _title(view: View, waiting: Sequence[Log], origin: str) -> Markup:
    _ = view.texts
    if view.subject:
        return _.plural("queue.title_of", len(waiting), name=waiting[0].placement.student_name)
    return _.plural(N_("queue.title_all") if origin == ALL else N_("queue.title"), len(waiting))


def _whose(view: View, everything: Sequence[Log], origin: str) -> list[Button]:
    """Return the way to the logs of one student, or back to all."""
    _, several = view.texts, len({log.placement.student_id for log in everything}) > 1
    if view.subject:
        return [button(_.plain("queue.back"), _VERB[origin])]
    several = several and len(everything) > PAGE
    return [button(_.plain("queue.by_student"), "queue.students", rest=ALL if origin == ALL else "")] if several else []


async def students_card(view: View) -> Message | None:
    """Draw whose logs wait, those first who have waited longest."""
    _, origin = view.texts, ALL if origin_of(view) == ALL else QUEUE
    waiting = await reviews.queue(view.tx, view.person.id, today=today(view), everything=origin == ALL)
    numbers = Counter(log.placement.student_id for log in waiting)
    names = {log.placement.student_id: log.placement.student_name for log in waiting}
    page, pages = _page(view, len(names))
    rest = ALL if origin == ALL else ""
    rows = [
        [button(_.plain_plural("queue.student", numbers[id_], name=names[id_]), "queue.of", id_, rest=rest)]
        for id_ in list(names)[page * PAGE : (page + 1) * PAGE]
    ]
    turn = pager(_, "queue.students", page, pages, before=rest)
    back = button(_.plain("queue.back"), _VERB[origin])
    return Message(_("queue.whose") if names else _("queue.empty"), [*rows, turn, [back], [home(_)]])


def _page(view: View, number: int) -> tuple[int, int]:
    pages = max(1, -(-number // PAGE))
    return min(int(view.args.get("page", 0)), pages - 1), pages


def _line(view: View, log: Log, opened: Collection[int]) -> Markup:
    _, at = view.texts, log.waits_since or view.now
    values = {
        "name": log.placement.student_name,
        "number": log.number,
        "at": dates.at(_, at, view.now, view.person.zone),
    }
    slow, line = N_("queue.line_slow"), N_("queue.line")
    if log.with_school:
        slow, line = N_("queue.line_school_slow"), N_("queue.line_school")
    said = (
        _.plural(slow, (today(view) - weeks.local_day(at, view.person.zone)).days, **values)
        if is_overdue(at, log.placement.rules, view.now)
        else _(line, **values)
    )
    return _("queue.opened", line=said) if log.id in opened else said


def _open_button(view: View, log: Log, origin: str) -> Button:
    label = view.texts.plain("queue.open", name=log.placement.student_name, number=log.number)
    return button(label, "review.open", log.id, rest=origin)


async def _all_classes(view: View, own: int) -> list[Button]:
    """Return the way to what waits for the mentors of one's classes, where that is more."""
    if Role.COORDINATOR not in view.person.roles:
        return []
    number = await reviews.count_waiting(view.tx, view.person.id, today=today(view), everything=True)
    return [button(view.texts.plain("queue.all", number=number), "queue.all")] if number > own else []


# --- students ---------------------------------------------------------------------------------------------------


async def list_mine(_context: Context, press: Press) -> Show:
    """List a mentor's students."""
    return Show("mentees", args={"page": press.page})


async def mentees_card(view: View) -> Message | None:
    """Draw a mentor's students with the states of their last weeks."""
    _, since = view.texts, today(view) - MENTOR_READS_ON
    placed = await placements.of_mentor(view.tx, view.person.id, not_ended_before=since)
    if not placed:
        return Message(_("mentees.empty"), [[home(_)]])
    page, pages = _page(view, len(placed))
    shown = placed[page * PAGE : (page + 1) * PAGE]
    lines = join([await _mentee(view, placement) for placement in shown])
    rows = [[button(p.student_name, "student.logs", p.student_id)] for p in shown]
    signs = N_("mentees.signs_school") if SCHOOL in lines else N_("mentees.signs")
    text = join((_.plural("mentees.title", len(placed)), lines, _(signs)), "\n\n")
    return Message(text, [*rows, pager(_, "mentees", page, pages), [home(_)]])


async def _mentee(view: View, placement: Placement) -> Markup:
    states = await reviews.states_of_placement(view.tx, placement.id)
    this = weeks.week_of(view.now, placement.zone)
    past = [week for week in weeks.weeks_between(placement.starts_on, placement.ends_on) if week <= this]
    signs = "".join(sign_of(*states.get(week, (None, False))) for week in past[-WEEKS_SHOWN:])
    if not signs:
        return view.texts("mentees.later", name=placement.student_name, day=view.texts.day(placement.starts_on))
    number = weeks.number(placement.starts_on, past[-1])
    return view.texts("mentees.line", name=placement.student_name, signs=signs, number=number)


async def list_logs(context: Context, press: Press) -> Show:
    """List the logs of a student."""
    await context.read(lambda tx: reviews.name_of_student(tx, press.id, context.person.id, today=today(context)))
    return Show("student_logs", press.id, {"page": press.page})


async def student_logs_card(view: View) -> Message | None:
    """Draw the logs of a student that were handed in, the newest first."""
    _, me = view.texts, view.person.id
    name = await reviews.name_of_student(view.tx, view.subject, me, today=today(view))
    handed_in = await reviews.logs_of_student(view.tx, view.subject, me, today=today(view))
    way = []
    if Role.COORDINATOR in view.person.roles:
        way.append(button(_.plain("button.back"), "student", view.subject))
    elif Role.MENTOR in view.person.roles:
        way.append(button(_.plain("button.back"), "mentees"))
    if not handed_in:
        return Message(_("student_logs.empty", name=name), [[*way, home(_)]])
    page, pages = _page(view, len(handed_in))
    shown = handed_in[page * PAGE : (page + 1) * PAGE]
    rows = [
        [
            button(
                _.plain("student_logs.open", sign=sign_of(log.state, log.with_school), week=week),
                "review.open",
                log.id,
                rest=STUDENT,
            )
        ]
        for log, week in ((log, dates.log_name(_, log).unescape()) for log in shown)
    ]
    at_school = any(log.with_school for log in shown)
    signs = N_("mentees.signs_school") if at_school else N_("mentees.signs")
    text = join((_.plural("student_logs.title", len(handed_in), name=name), _(signs)), "\n\n")
    return Message(text, [*rows, pager(_, "student.logs", page, pages, view.subject), [*way, home(_)]])


def register(routes: Routes) -> None:
    """Open the room."""

    async def list_all(context: Context, press: Press) -> Show:
        return await list_queue(context, Press(press.verb, rest=ALL + press.rest))

    async def list_own(context: Context, press: Press) -> Show:
        return await list_queue(context, Press(press.verb, rest=press.rest))

    routes.command("queue", show_queue)
    routes.button("queue", list_own)
    routes.button("queue.of", list_queue)
    routes.button("queue.students", list_students)
    routes.button("queue.all", list_all, role=Role.COORDINATOR)
    routes.button("queue.next", open_next)
    routes.button("mentees", list_mine, role=Role.MENTOR)
    routes.button("student.logs", list_logs)
    routes.card("queue", queue_card)
    routes.card("queue_students", students_card)
    routes.card("mentees", mentees_card)
    routes.card("student_logs", student_logs_card)
