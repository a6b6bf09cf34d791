"""Who has not handed in: one press shows a coordinator the names, class by class; another reminds them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.context import Later, Refused
from bot.send import Message, Show
from bot.texts import N_, join
from domain import reminders as rules
from domain import weeks
from domain.logs import LogState
from domain.people import Role
from handlers import dates
from handlers.buttons import button, home, pager
from storage import logs, missing, outbox, people, placements, schools

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.missing import ClassWeek, Owing
    from storage.database import Transaction

CARD = "missing"
REMINDER = "missing_reminder"
NAMES = 20  # on a page: a list for reading
IN_A_ROW = 5
EARLIEST = 2  # weeks ago that can be looked at


async def show_missing(_context: Context, _words: str) -> Show:
    """Show who has not handed in this week."""
    return Show(CARD)


async def press_missing(_context: Context, press: Press) -> Show:
    """Show it from a button: `id` is how many weeks ago, `rest` the page."""
    return Show(CARD, min(press.id, EARLIEST), args={"page": press.page})


async def missing_card(view: View) -> Message | None:
    """Draw who has not handed in, class by class, a page of names at a time."""
    _, ago = view.texts, view.subject
    classes = await missing.of_coordinator(view.tx, view.person.id, now=view.now, weeks_ago=ago)
    if not classes:
        covered = await schools.classes_of_coordinator(view.tx, view.person.id)
        said = N_("missing.nobody_owes") if covered else N_("missing.no_class")
        return Message(_(said), [_weeks_row(_, ago), [home(_)]])
    everyone = [entry for its in classes for entry in its.missing]
    page, pages = _page(view, len(everyone))
    shown = everyone[page * NAMES : (page + 1) * NAMES]
    numbers = {entry.placement_id: number for number, entry in enumerate(shown, page * NAMES + 1)}
    blocks = [_class_block(view, its, numbers) for its in classes if _is_shown(its, numbers, first=page == 0)]
    text = join((_title(_, classes, ago), *blocks, _("missing.hint") if shown else None), "\n\n")
    rows: list[list[Button]] = []
    reachable = [entry for entry in everyone if entry.person_id is not None and not entry.stopped]
    if reachable:
        rows.append([button(_.plain_plural("missing.remind", len(reachable)), "missing.remind", ago)])
    students = [button(str(numbers[entry.placement_id]), "student", entry.student_id) for entry in shown]
    rows += [students[i : i + IN_A_ROW] for i in range(0, len(students), IN_A_ROW)]
    rows.append(pager(_, "missing", page, pages, ago))
    if reachable and ago == 0:
        rows.append([button(_.plain("missing.write"), "announce", rest="missing")])
    return Message(text, [*rows, _weeks_row(_, ago), [home(_)]])


def _page(view: View, count: int) -> tuple[int, int]:
    pages = max(1, -(-count // NAMES))
    return min(int(view.args.get("page", 0)), pages - 1), pages


def _is_shown(its: ClassWeek, numbers: dict[int, int], *, first: bool) -> bool:
    return any(entry.placement_id in numbers for entry in its.missing) or (first and not its.missing)


def _title(_: Texts, classes: list[ClassWeek], ago: int) -> Markup:
    week = classes[0].week
    days = _.days(week, week + timedelta(days=6))
    count = sum(len(its.missing) for its in classes)
    if not count:
        return _("missing.title_none", days=days)
    return _.plural(N_("missing.title") if ago == 0 else N_("missing.title_earlier"), count, days=days)


def _class_block(view: View, its: ClassWeek, numbers: dict[int, int]) -> Markup:
    _ = view.texts
    name, count = its.rules.name, len(its.missing)
    if not count:
        return _("missing.class_complete", class_name=name, owing=its.owing)
    due = dates.due(_, its.due_at, view.now, view.person.zone)
    head = _("missing.class", class_name=name, count=count, owing=its.owing, due=due)
    lines = [_line(_, entry, numbers[entry.placement_id]) for entry in its.missing if entry.placement_id in numbers]
    return join((head, *lines))


def _line(_: Texts, entry: Owing, number: int) -> Markup:
    if entry.person_id is None:
        return _("missing.not_joined", number=number, name=entry.name)
    if entry.stopped:
        return _("missing.stopped", number=number, name=entry.name)
    return _("missing.student", number=number, name=entry.name)


def _weeks_row(_: Texts, ago: int) -> list[Button]:
    row = []
    if ago < EARLIEST:
        row.append(button(_.plain("missing.week_before"), "missing", ago + 1))
    if ago > 0:
        row.append(button(_.plain("missing.this_week"), "missing"))
    return row


async def remind(context: Context, press: Press) -> Show:
    """Remind everybody who can be reached, each at most once a day for a week."""
    ago = min(press.id, EARLIEST)

    async def work(tx: Transaction) -> Show:
        classes = await missing.of_coordinator(tx, context.person.id, now=context.now, weeks_ago=ago)
        reminded = [entry for its in classes for entry in its.missing if await _remind(tx, context, its, entry)]
        if not reminded:
            open_still = any(its.missing for its in classes)
            raise Refused(N_("missing.reminded_today") if open_still else N_("missing.nobody_left"))
        asleep = sum(entry.zone is not None and rules.is_quiet(context.now, entry.zone) for entry in reminded)
        return Show(CARD, ago, args={"n": len(reminded)}, toast=_reminded(asleep, len(reminded)))

    return await context.write(work)


def _reminded(asleep: int, count: int) -> str:
    if not asleep:
        return N_("missing.reminded")
    return N_("missing.reminded_morning") if asleep == count else N_("missing.reminded_some_morning")


async def _remind(tx: Transaction, context: Context, its: ClassWeek, entry: Owing) -> bool:
    if entry.person_id is None or entry.stopped:
        return False
    day = weeks.local_day(context.now, its.rules.zone)
    new = await outbox.add(
        tx,
        entry.person_id,
        REMINDER,
        entry.placement_id,
        args={"week": its.week.isoformat(), "by": context.person.id},
        now=context.now,
        unique_key=f"{REMINDER}:{entry.person_id}:{its.week}:{day}",
    )
    if new:
        await people.record_act(
            tx,
            actor_id=context.person.id,
            act="reminded",
            subject_kind="person",
            subject_id=entry.person_id,
            now=context.now,
        )
    return new


async def reminder_card(view: View) -> Message | None:
    """Draw the reminder for its student, at night not before 08:00; nothing once the log is in or not owed any more."""
    placement = await placements.for_student(view.tx, view.subject, view.person.id)
    week = date.fromisoformat(str(view.args["week"]))
    state = await logs.state_of_week(view.tx, placement.id, week)
    excused = await placements.excused(view.tx, placement.id)
    if state not in {None, LogState.DRAFT} or not weeks.owed(placement.starts_on, placement.ends_on, week, excused):
        return None
    _, zone = view.texts, view.person.zone
    if rules.is_quiet(view.now, zone):
        raise Later(rules.after_quiet(view.now, zone))
    asking = await people.by_id(view.tx, int(view.args["by"]))
    text = _(
        "missing.reminder",
        week=dates.week_name(_, weeks.number(placement.starts_on, week), week),
        enterprise=placement.enterprise,
        coordinator=asking.name,
        due=dates.due(_, weeks.due_at(week, placement.rules), view.now, zone),
    )
    write = button(_.plain("missing.write_log"), "log.open", placement.id, rest=week.isoformat())
    return Message(text, [[write]])


def register(routes: Routes) -> None:
    """Open the room."""
    routes.command("missing", show_missing, role=Role.COORDINATOR)
    routes.button("missing", press_missing, role=Role.COORDINATOR)
    routes.button("missing.remind", remind, role=Role.COORDINATOR, card=CARD)
    routes.card(CARD, missing_card)
    routes.card(REMINDER, reminder_card)
