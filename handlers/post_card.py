"""The card of an internship post: what it offers, until when, and what its reader can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.send import Button, Message
from bot.texts import N_, join
from domain.people import Role
from domain.posts import ApplicationState, PostState, can_be_opened
from domain.weeks import local_day
from domain.words import whole_number
from handlers.buttons import button
from storage import applications, posts, schools

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.context import View
    from bot.texts import Texts
    from domain.people import Person
    from domain.posts import Application, Post
    from storage.database import Transaction

CARD = "post"
# Where a card was opened from, in its buttons: a letter and the page of that list, such as "p2"; or the application.
LISTS = {
    "p": ("posts.page", N_("post.back_to_posts")),
    "m": ("post.mine", N_("post.back_to_mine")),
    "a": ("applications.page", N_("post.back_to_applications")),
}
APPLICATION = "w"
_MINE = {
    ApplicationState.SENT: N_("post.applied"),
    ApplicationState.ACCEPTED: N_("post.applied_accepted"),
    ApplicationState.DECLINED: N_("post.applied_declined"),
    ApplicationState.CONFIRMED: N_("post.applied_confirmed"),
    ApplicationState.REFUSED: N_("post.applied_refused"),
    ApplicationState.WITHDRAWN: N_("post.applied_withdrawn"),
}


async def today_of(tx: Transaction, person: Person, now: datetime) -> date:
    """Return the day it is: in a student's class, else where the person is."""
    if person.class_id is None:
        return local_day(now, person.zone)
    return local_day(now, (await schools.class_by_id(tx, person.class_id)).zone)


def back(_: Texts, origin: str) -> list[Button]:
    """Make the way back to where a card was opened from, and home, where typing is no search."""
    leave = button(_.plain("button.home"), "posts.leave")
    number = whole_number(origin[1:])
    if origin[:1] == APPLICATION and number:
        return [button(_.plain("post.back_to_application"), "application.open", number), leave]
    verb, words = LISTS.get(origin[:1], LISTS["p"])
    return [button(_.plain(words), verb, rest=number), leave]


async def post_card(view: View) -> Message | None:
    """Draw a post for whoever it is meant for."""
    _, person = view.texts, view.person
    post = await posts.for_reader(view.tx, view.subject, person.id)
    today = await today_of(view.tx, person, view.now)
    manages = await posts.manages(view.tx, post.id, person.id)
    origin = str(view.args.get("from") or ("m0" if manages else "p0"))
    mine = await applications.newest_for_post(view.tx, post.id, person.id) if person.student_id else None
    about = join(facts(_, post, today))
    text = join((about, tasks(_, post), _standing(_, mine, person), _elsewhere(_, post)), "\n\n")
    rows: list[list[Button]] = []
    if Role.STUDENT in person.roles:
        rows += _student_rows(_, post, mine, today, origin)
    if post.apply_url and can_be_opened(post.apply_url):
        rows.append([Button(_.plain("post.open_page"), url=post.apply_url)])
    if manages:
        rows += await _manager_rows(view, post, origin)
    return Message(text, [*rows, back(_, origin)])


def facts(_: Texts, post: Post, today: date) -> list[Markup]:
    """Return what is known about a post, a line each."""
    said = post.details
    lines = [_("post.title", title=said.title), _("post.enterprise", enterprise=post.enterprise)]
    if said.city:
        lines.append(_("post.city", city=said.city))
    if said.pay:
        lines.append(_("post.pay", pay=said.pay))
    if said.places:
        lines.append(_.plural("post.places", said.places))
    if period := _period(_, post):
        lines.append(period)
    if post.state is PostState.CLOSED:
        lines.append(_("post.closed"))
    elif said.apply_by:
        lines.append(_apply_by(_, said.apply_by, today))
    return lines


def _period(_: Texts, post: Post) -> Markup | None:
    first, last = post.details.starts_on, post.details.ends_on
    if first and last:
        return _("post.period", first=_.full_day(first), last=_.full_day(last))
    if first:
        return _("post.period_from", first=_.full_day(first))
    return _("post.period_until", last=_.full_day(last)) if last else None


def _apply_by(_: Texts, last: date, today: date) -> Markup:
    day, days = _("post.day", weekday=_.weekday(last), day=_.day(last)), (last - today).days
    if days < 0:
        return _("post.apply_by_past", day=day)
    return _.plural("post.apply_by", days, day=day) if days else _("post.apply_by_today", day=day)


def tasks(_: Texts, post: Post) -> Markup | None:
    """Return what the student will do, where the post says so."""
    return _("post.tasks", tasks=post.details.tasks) if post.details.tasks else None


def _standing(_: Texts, mine: Application | None, person: Person) -> Markup | None:
    if mine is None:
        return None
    sent = _.day(mine.created_at.astimezone(person.zone).date())
    return _(_MINE[mine.state], day=sent, enterprise=mine.post.enterprise)


def _elsewhere(_: Texts, post: Post) -> Markup | None:
    if not post.apply_url:
        return None
    shown = "" if can_be_opened(post.apply_url) else post.apply_url
    return _("post.elsewhere_at", address=shown) if shown else _("post.elsewhere")


def _student_rows(_: Texts, post: Post, mine: Application | None, today: date, origin: str) -> list[list[Button]]:
    if mine is not None and mine.waits:
        return [[button(_.plain("application.withdraw"), "application.withdraw", mine.id, rest=origin)]]
    if post.is_open(today) and (mine is None or mine.state is ApplicationState.WITHDRAWN):
        return [[button(_.plain("apply.door"), "apply", post.id, rest=origin)]]
    return []


async def _manager_rows(view: View, post: Post, origin: str) -> list[list[Button]]:
    _ = view.texts
    waiting = await applications.waits(view.tx, view.person.id, post_id=post.id)
    rows = []
    if waiting:
        label = _.plain_plural("post.applications", waiting)
        rows.append([button(label, "applications.of", post.id)])
    edit = button(_.plain("post.edit"), "post.edit", post.id, post.version)
    if post.state is PostState.OPEN:
        turn = button(_.plain("post.close"), "post.close", post.id, post.version, origin)
    else:
        turn = button(_.plain("post.reopen"), "post.reopen", post.id, post.version, origin)
    return [*rows, [edit, turn]]
