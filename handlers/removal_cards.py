"""The cards of a removal: what would go and what stays, that it is asked for, and the coordinators' view of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message
from bot.texts import N_, join
from domain.people import Role
from domain.removal import State, due_at
from domain.weeks import local_day
from handlers import dates
from handlers.buttons import button, home
from storage import drafts, removal_counts, removals

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.removal import Kept, Own, Removal

CARD, NEWS, WHY = "forget", "removal", "removal_why"
SURE = "sure"
NAMES_SHOWN = 3


def door(_: Texts) -> Button:
    """Make the button that leads to what would be deleted."""
    return button(_.plain("forget.door"), "forget")


# --- whoever asks -----------------------------------------------------------------------------------------------


async def own_card(view: View) -> Message | None:
    """Draw what would go and what stays, the question whether that is meant, or what was asked for."""
    asked = await removals.asked_by(view.tx, view.person.id)
    if asked is not None:
        return await _asked(view, asked)
    if view.args.get("sure"):
        return _sure(view)
    return await _explained(view)


async def _explained(view: View) -> Message:
    _, person = view.texts, view.person
    line = await removals.line_of(view.tx, person.id)
    own = await removal_counts.own(view.tx, person.id, line)
    kept = await removal_counts.kept(view.tx, person.id, line, today=local_day(view.now, person.zone))
    parts = (
        _("forget.title"),
        join((_("forget.at_once"), _account(view), *_own_lines(_, own))),
        join(_kept_lines(_, kept)) or _("forget.nothing_stays"),
        _("forget.placed", day=_.full_day(kept.placed_until)) if kept.placed_until else None,
        join((await _who_hears(view), _("forget.week"), _("forget.elsewhere"))),
    )
    copy = button(_.plain("forget.copy"), "mydata")
    go = button(_.plain("forget.go"), "forget", rest=SURE)
    return Message(join(parts, "\n\n"), ((copy,), (go,), (button(_.plain("button.privacy"), "privacy"), home(_))))


async def _who_hears(view: View) -> Markup | None:
    """Name the coordinators who will hear of it; whoever is kept out reads no names."""
    _, names = view.texts, await removals.names_of_readers(view.tx, view.person.id)
    if not names:
        return None
    if view.person.suspended:
        return _("forget.school_hears")
    return _("forget.hears", names=_.plain("class.comma").join(names[:NAMES_SHOWN]))


def _account(view: View) -> Markup:
    if Role.STUDENT in view.person.roles:
        return view._("forget.account_student")
    return view._("forget.account_staff") if view.person.roles else view._("forget.account")


def _own_lines(_: Texts, own: Own) -> list[Markup]:
    counted = (
        (N_("forget.moments"), own.moments),
        (N_("forget.drafts"), own.drafts),
        (N_("forget.pulses"), own.pulses),
        (N_("forget.applications"), own.applications),
        (N_("forget.files"), own.files),
    )
    return [_.plural(msgid, n) for msgid, n in counted if n]


def _kept_lines(_: Texts, kept: Kept) -> list[Markup]:
    lines = []
    if kept.until is not None:
        lines = [_("forget.stays", day=_.full_day(kept.until)), _.plural("forget.placements", kept.placements)]
        if kept.logs:
            lines.append(_.plural("forget.logs", kept.logs))
        if kept.calls:
            lines.append(_.plural("forget.calls", kept.calls))
    if kept.written_until is not None:
        lines.append(_("forget.written", day=_.full_day(kept.written_until)))
    return lines


def _sure(view: View) -> Message:
    _, at = view.texts, due_at(view.now, view.person.zone)
    yes = button(_.plain("forget.yes", day=_.day(local_day(at, view.person.zone))), "forget.yes")
    no = button(_.plain("forget.no"), "home")
    return Message(_("forget.sure", at=dates.at(_, at, view.now, view.person.zone)), ((yes,), (no,)))


async def _asked(view: View, asked: Removal) -> Message:
    _, zone = view.texts, view.person.zone
    at = dates.at(_, asked.due_at, view.now, zone)
    school = await removals.school_without(view.tx, view.person.id)
    said = N_("forget.eve") if view.args.get("eve") else N_("forget.asked")
    parts = (
        _(said, at=at),
        _("forget.words", name=asked.said_by, words=asked.words) if asked.words else None,
        _("forget.released", name=asked.released_by) if asked.released_by else None,
        _("forget.alone", school=school) if school else None,
    )
    back = button(_.plain("forget.back"), "forget.back", asked.id)
    return Message(join(parts, "\n\n"), ((back,), (button(_.plain("forget.copy"), "mydata"),), (home(_),)))


# --- the school -------------------------------------------------------------------------------------------------


async def news_card(view: View) -> Message | None:
    """Draw for a coordinator what somebody asked for, or the question whether really all of it is to go."""
    removal = await removals.for_coordinator(view.tx, view.subject, view.person.id)
    kept = await removal_counts.kept(
        view.tx, removal.person_id, removal.student_id, today=local_day(view.now, view.person.zone)
    )
    if removal.student_id is None:
        return Message(join((_head(view, removal), _when(view, removal, kept)), "\n\n"), ((home(view.texts),),))
    may = removal.is_open and not removal.released_by and kept.until is not None
    if may and view.args.get("sure"):
        return _sure_all(view, removal, kept)
    _ = view.texts
    parts = (_head(view, removal), _when(view, removal, kept), _part(view, removal, kept))
    rows: list[list[Button]] = []
    if may:
        rows.append([button(_.plain("removal.all"), "removal", removal.id, rest=SURE)])
        label = _.plain("removal.other_words") if removal.words else _.plain("removal.why")
        rows.append([button(label, "removal.why", removal.id)])
    return Message(join(parts, "\n\n"), [*rows, [_student(_, removal)], [home(_)]])


def _student(_: Texts, removal: Removal) -> Button:
    return button(_.plain("removal.student", name=removal.name), "student", removal.student_id or 0)


def _head(view: View, removal: Removal) -> Markup:
    values = {"name": removal.name, "number": removal.number, "class_name": removal.class_name}
    return view._("removal.head", **values) if removal.student_id else view._("removal.head_staff", name=removal.name)


def _when(view: View, removal: Removal, kept: Kept) -> Markup:
    """Say when the account goes, that it is gone, or that all of it was taken back."""
    _, at = view.texts, dates.at(view.texts, removal.due_at, view.now, view.person.zone)
    if removal.state is State.TAKEN_BACK:
        return _("removal.taken_back")
    if removal.state is not State.ASKED:
        return _("removal.carried_out", at=at)
    if removal.student_id is None:
        return _("removal.goes_staff", at=at)
    placed = _("removal.placed", day=_.full_day(kept.placed_until)) if kept.placed_until else None
    return join((_("removal.goes", at=at), placed), "\n\n")


def _part(view: View, removal: Removal, kept: Kept) -> Markup | None:
    """Say what the school keeps of it and until when, or who let it go."""
    _ = view.texts
    if removal.state is State.TAKEN_BACK:
        return None
    if removal.released_by:
        return _("removal.released", name=removal.released_by)
    if kept.until is None:
        return _("removal.nothing_stays")
    stays = _.plural("removal.stays", kept.logs, day=_.full_day(kept.until))
    return join((stays, _("removal.words", name=removal.said_by, words=removal.words) if removal.words else None))


def _sure_all(view: View, removal: Removal, kept: Kept) -> Message:
    _ = view.texts
    yes = button(_.plain("removal.yes"), "removal.release", removal.id)
    text = _.plural("removal.sure", kept.logs, name=removal.name)
    return Message(text, ((yes,), (button(_.plain("button.back"), "removal", removal.id),)))


async def why_card(view: View) -> Message | None:
    """Ask a coordinator why the school's part stays."""
    if await drafts.get(view.tx, view.person.id, WHY, view.subject) is None:
        return None
    removal = await removals.for_coordinator(view.tx, view.subject, view.person.id)
    _ = view.texts
    text = _("removal.ask_why", name=removal.name)
    return Message(text, ((button(_.plain("button.cancel"), "removal.leave", removal.id),),))


def register(routes: Routes) -> None:
    """Draw them."""
    routes.card(CARD, own_card)
    routes.card(NEWS, news_card)
    routes.card(WHY, why_card)
