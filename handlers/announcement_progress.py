"""How an announcement fares: one card that counts up, who has not acknowledged it, whom it did not reach, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.weeks import local_day
from domain.words import clean_line, shorten
from handlers import dates
from handlers.announcement_drafts import FORM
from handlers.buttons import PAGE, button, home, pager
from storage import announcement_progress as progress
from storage import announcements, people
from storage.outbox import Outcome

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.announcements import Announcement, Progress
    from storage.announcement_progress import Recipient
    from storage.database import Transaction

PEOPLE = "announcing_people"
HISTORY = "announcements"
NAMES = 20  # on a page of a list that is only read
OPEN, UNREACHED = "open", "lost"


async def progress_card(view: View, its: Announcement, to: Markup) -> Message:
    """Draw how far an announcement has come."""
    _ = view.texts
    far = await progress.progress(view.tx, its.id)
    at = dates.at(_, its.sent_at, view.now, view.person.zone) if its.sent_at else ""
    head = join((_("announce.title", at=at), _("announce.quote", text=shorten(its.text, 300))))
    text = join((head, join((_("announce.to_line", to=to), _counts(_, its, far), _now(_, far)))), "\n\n")
    return Message(text, _progress_buttons(_, its, far))


def _counts(_: Texts, its: Announcement, far: Progress) -> Markup:
    counts = N_("announce.counts") if its.acknowledge else N_("announce.counts_plain")
    return _(
        counts,
        sent=_.number(far.sent),
        total=_.number(far.total),
        acknowledged=_.number(far.acknowledged),
        failed=_.number(far.failed),
        stopped=_.number(far.stopped),
    )


def _now(_: Texts, far: Progress) -> Markup:
    if far.waiting:
        return _.plural("announce.waiting", far.waiting)
    return _.plural("announce.halted", far.halted) if far.halted else _("announce.all_gone")


def _progress_buttons(_: Texts, its: Announcement, far: Progress) -> list[list[Button]]:
    rows = [[button(_.plain("announce.refresh"), "announce.show", its.id, rest="fresh")]]
    if far.waiting:
        rows[0].append(button(_.plain("announce.stop"), "announce.stop", its.id))
    if its.acknowledge and far.open:
        label = _.plain("announce.not_acknowledged", n=_.number(far.open))
        rows.append([button(label, "announce.people", its.id, rest=f"{OPEN}.0")])
    if far.unreached:
        label = _.plain("announce.not_reached", n=_.number(far.unreached))
        rows.append([button(label, "announce.people", its.id, rest=f"{UNREACHED}.0")])
    return [*rows, [button(_.plain("announce.history"), "announce.history"), home(_)]]


async def show(context: Context, press: Press) -> Show:
    """Show an announcement of one's own as it is now."""
    await context.read(lambda tx: announcements.of_author(tx, press.id, context.person.id))
    return Show(FORM, press.id, toast=N_("announce.fresh") if press.rest == "fresh" else "")


async def stop(context: Context, press: Press) -> Show:
    """Stop the sending: what is still waiting does not go any more."""

    async def work(tx: Transaction) -> Show:
        its = await announcements.of_author(tx, press.id, context.person.id)
        stopped = await progress.halt(tx, its, now=context.now)
        return Show(FORM, its.id, toast=N_("announce.stopped_toast") if stopped else N_("announce.too_late_toast"))

    return await context.write(work)


# --- lists ------------------------------------------------------------------------------------------------------


async def list_people(context: Context, press: Press) -> Show:
    """List who has not acknowledged it, or whom it did not reach."""
    await context.read(lambda tx: announcements.of_author(tx, press.id, context.person.id))
    which = press.rest.partition(".")[0]
    return Show(PEOPLE, press.id, args={"which": which, "page": press.page})


async def people_card(view: View) -> Message | None:
    """Draw a page of names."""
    its = await announcements.of_author(view.tx, view.subject, view.person.id)
    _, unreached = view.texts, view.args.get("which") == UNREACHED
    page = int(view.args.get("page", 0))
    listed, count = await progress.recipients(view.tx, its.id, unreached=unreached, limit=NAMES, offset=page * NAMES)
    if not count:
        text = _("announce.all_reached") if unreached else _("announce.all_acknowledged")
    else:
        title = _.plural(N_("announce.unreached_title") if unreached else N_("announce.open_title"), count)
        lines = [_line(_, one, page * NAMES + number) for number, one in enumerate(listed, 1)]
        text = join((title, join(lines)), "\n\n")
    rows = []
    if count and not unreached:
        rows.append([button(_.plain_plural("announce.remind", count), "announce.remind", its.id)])
    which = UNREACHED if unreached else OPEN
    rows.append(pager(_, "announce.people", page, -(-count // NAMES), its.id, before=f"{which}."))
    return Message(text, [*rows, [button(_.plain("button.back"), "announce.show", its.id)]])


def _line(_: Texts, one: Recipient, number: int) -> Markup:
    if one.outcome is Outcome.STOPPED:
        return _("announce.person_stopped", number=number, name=one.name)
    if one.outcome is Outcome.FAILED:
        return _("announce.person_failed", number=number, name=one.name)
    if one.class_name:
        return _("announce.person_of_class", number=number, name=one.name, class_name=one.class_name)
    return _("announce.person", number=number, name=one.name)


async def remind(context: Context, press: Press) -> Show:
    """Bring it once more to whoever has not acknowledged it, at most once a day."""

    async def work(tx: Transaction) -> Show:
        its = await announcements.of_author(tx, press.id, context.person.id)
        day = local_day(context.now, context.person.zone)
        reminded = await progress.remind(tx, its, day=day, now=context.now)
        if not reminded:
            raise Refused(N_("announce.reminded_today"))
        await people.record_act(
            tx,
            actor_id=context.person.id,
            act="announcement_reminded",
            subject_kind="announcement",
            subject_id=its.id,
            now=context.now,
        )
        return Show(PEOPLE, its.id, args={"which": OPEN, "n": reminded}, toast=N_("announce.reminded"))

    return await context.write(work)


async def show_history(_context: Context, press: Press) -> Show:
    """List what was sent."""
    return Show(HISTORY, args={"page": press.page})


async def history_card(view: View) -> Message | None:
    """Draw a page of the author's announcements, the newest first."""
    _, page = view.texts, int(view.args.get("page", 0))
    count = await announcements.count(view.tx, view.person.id)
    sent = await announcements.history(view.tx, view.person.id, limit=PAGE, offset=page * PAGE)
    rows = []
    for one in sent:
        day, text = _.day(local_day(one.sent_at, view.person.zone)), shorten(clean_line(one.text), 40)
        rows.append([button(_.plain("announce.past", day=day, n=one.reached, text=text), "announce.show", one.id)])
    rows.append(pager(_, "announce.history", page, -(-count // PAGE)))
    new = button(_.plain("announce.new"), "announce")
    title = _.plural("announce.history_title", count) if count else _("announce.history_empty")
    return Message(title, [*rows, [new, home(_)]])


def register(routes: Routes) -> None:
    """Open this part of the room."""
    coordinator = Role.COORDINATOR
    for verb, run in (
        ("show", show),
        ("stop", stop),
        ("people", list_people),
        ("remind", remind),
        ("history", show_history),
    ):
        routes.button(f"announce.{verb}", run, role=coordinator, card=FORM)
    routes.card(PEOPLE, people_card)
    routes.card(HISTORY, history_card)
