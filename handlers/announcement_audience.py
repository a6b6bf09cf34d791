"""To whom an announcement goes: kinds of people, classes to tick, an enterprise; and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Message, Show
from bot.texts import N_
from domain.announcements import Announcement, Who
from domain.people import Role
from domain.words import shorten
from handlers.announcement_drafts import FORM, change_draft, read_draft
from handlers.buttons import button, pager
from storage import announcements, schools
from storage.errors import NotFound

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.schools import Class
    from storage.database import Transaction

CLASSES_SHOWN = 8  # on the preview itself; more have a list of their own
CHOICES = 8  # on a page of a list
NAMES_SHOWN = 6

_PICK = {
    Who.STUDENTS: N_("announce.pick.students"),
    Who.EVERYONE: N_("announce.pick.everyone"),
    Who.MENTORS: N_("announce.pick.mentors"),
    Who.MISSING: N_("announce.pick.missing"),
    Who.COLLEAGUES: N_("announce.pick.colleagues"),
}
_TO_ALL = {
    Who.STUDENTS: N_("announce.to.students"),
    Who.EVERYONE: N_("announce.to.everyone"),
    Who.MENTORS: N_("announce.to.mentors"),
    Who.MISSING: N_("announce.to.missing"),
    Who.COLLEAGUES: N_("announce.to.colleagues"),
}
_TO_CLASSES = {
    Who.STUDENTS: N_("announce.to.students_of"),
    Who.EVERYONE: N_("announce.to.everyone_of"),
    Who.MENTORS: N_("announce.to.mentors_of"),
    Who.MISSING: N_("announce.to.missing_of"),
}


async def audience_named(view: View, its: Announcement) -> Markup:
    """Say who an announcement is for: "students of Nursing 2301, Nursing 2302"."""
    _, audience = view.texts, its.audience
    if audience.who is Who.ENTERPRISE:
        known = await schools.enterprises_of_coordinator(view.tx, view.person.id)
        name = next((one.name for one in known if one.id == audience.enterprise), "")
        return _("announce.to.enterprise", enterprise=name)
    covered = await schools.classes_of_coordinator(view.tx, view.person.id, its.school_id)
    names = [one.name for one in covered if one.id in audience.classes]
    if not names:
        return _(_TO_ALL[audience.who])
    more = ["…"] if len(names) > NAMES_SHOWN else []
    return _(_TO_CLASSES[audience.who], classes=_.plain("announce.comma").join(names[:NAMES_SHOWN] + more))


# --- the lists to choose from -------------------------------------------------------------------------------------


async def choice_card(view: View, its: Announcement, part: str) -> Message | None:
    """Draw one of the lists to choose from; None for no such list."""
    choices = {
        "to": _choose_people,
        "classes": _choose_classes,
        "enterprise": _choose_enterprise,
        "school": _choose_school,
    }
    draw = choices.get(part)
    return await draw(view, its) if draw else None


async def _choose_people(view: View, its: Announcement) -> Message:
    _ = view.texts
    rows = [
        [
            button(
                _mark(_, _.plain(words), on=its.audience.who is who),
                "announce.to",
                its.id,
                its.version,
                who.value,
            )
        ]
        for who, words in _PICK.items()
    ]
    parts = [("enterprise", _mark(_, _.plain("announce.pick.enterprise"), on=its.audience.who is Who.ENTERPRISE))]
    classes = await schools.classes_of_coordinator(view.tx, view.person.id, its.school_id)
    if len(classes) > CLASSES_SHOWN:
        parts.append(("classes", _.plain("announce.pick.classes")))
    if [its.school_id] != [one.id for one in await schools.schools_of_coordinator(view.tx, view.person.id)]:
        parts.append(("school", _.plain("announce.pick.school")))
    rows += [[button(words, "announce.part", its.id, its.version, part)] for part, words in parts]
    return Message(_("announce.choose_people"), [*rows, [_back(_, its)]])


async def _choose_classes(view: View, its: Announcement) -> Message:
    _ = view.texts
    classes = await schools.classes_of_coordinator(view.tx, view.person.id, its.school_id)
    page, pages = _page(view, len(classes))
    shown = classes[page * CHOICES : (page + 1) * CHOICES]
    rows = [
        *class_rows(_, its, shown, f".{page}"),
        pager(_, "announce.part", page, pages, its.id, its.version, "classes."),
    ]
    to = await audience_named(view, its)
    done = button(_.plain("form.done"), "announce.part", its.id, its.version)
    return Message(_("announce.choose_classes", to=to), [*rows, [done]])


async def _choose_enterprise(view: View, its: Announcement) -> Message:
    _ = view.texts
    known = await schools.enterprises_of_coordinator(view.tx, view.person.id, its.school_id)
    page, pages = _page(view, len(known))
    rows = [
        [button(shorten(one.name, 40), "announce.enterprise", its.id, its.version, one.id)]
        for one in known[page * CHOICES : (page + 1) * CHOICES]
    ]
    text = _("announce.choose_enterprise") if known else _("announce.no_enterprise")
    return Message(
        text, [*rows, pager(_, "announce.part", page, pages, its.id, its.version, "enterprise."), [_back(_, its)]]
    )


async def _choose_school(view: View, its: Announcement) -> Message:
    _ = view.texts
    rows = [
        [
            button(
                _mark(_, shorten(one.name, 40), on=one.id == its.school_id),
                "announce.school",
                its.id,
                its.version,
                one.id,
            )
        ]
        for one in await schools.schools_of_coordinator(view.tx, view.person.id)
    ]
    return Message(_("announce.choose_school"), [*rows, [_back(_, its)]])


def _page(view: View, count: int) -> tuple[int, int]:
    pages = max(1, -(-count // CHOICES))
    return min(int(view.args.get("page", 0)), pages - 1), pages


def _back(_: Texts, its: Announcement) -> Button:
    return button(_.plain("button.back"), "announce.part", its.id, its.version)


def class_rows(_: Texts, its: Announcement, classes: Sequence[Class], page: str = "") -> list[list[Button]]:
    """Make the buttons that take classes in and out; `page` goes with them."""
    toggles = [
        button(
            _mark(_, shorten(one.name, 30), on=one.id in its.audience.classes),
            "announce.class",
            its.id,
            its.version,
            f"{one.id}{page}",
        )
        for one in classes
    ]
    return [toggles[i : i + 2] for i in range(0, len(toggles), 2)]


def _mark(_: Texts, name: str, *, on: bool) -> str:
    return _.plain("announce.ticked", name=name) if on else _.plain("announce.unticked", name=name)


# --- choosing -----------------------------------------------------------------------------------------------------


async def show_part(context: Context, press: Press) -> Show:
    """Show a list to choose from (`to`, `classes.PAGE`, `enterprise.PAGE`), or the preview again."""
    await context.read(lambda tx: read_draft(tx, context, press.id))
    part = press.rest.partition(".")[0]
    return Show(FORM, press.id, args={"part": part, "page": press.page})


async def _address(tx: Transaction, _context: Context, press: Press, its: Announcement) -> None:
    if press.rest not in set(Who) - {Who.ENTERPRISE}:
        raise Stale(Show(FORM, its.id))
    await announcements.address(tx, its, its.audience.of(Who(press.rest)))


async def _toggle_class(tx: Transaction, context: Context, press: Press, its: Announcement) -> dict[str, str | int]:
    covered = await schools.classes_of_coordinator(tx, context.person.id, its.school_id)
    if press.number not in {one.id for one in covered}:
        raise NotFound
    await announcements.address(tx, its, its.audience.toggle(press.number))
    return {"part": "classes", "page": press.page} if "." in press.rest else {}


async def _take_enterprise(tx: Transaction, context: Context, press: Press, its: Announcement) -> None:
    enterprise = await schools.enterprise_for_coordinator(tx, press.number, context.person.id)
    await announcements.address(tx, its, its.audience.at(enterprise.id))


async def _sign(tx: Transaction, context: Context, press: Press, its: Announcement) -> None:
    if press.number not in {one.id for one in await schools.schools_of_coordinator(tx, context.person.id)}:
        raise NotFound
    await announcements.sign(tx, its, press.number)


def register(routes: Routes) -> None:
    """Open this part of the room."""
    for verb, run in (
        ("part", show_part),
        ("to", partial(change_draft, _address)),
        ("class", partial(change_draft, _toggle_class)),
        ("enterprise", partial(change_draft, _take_enterprise)),
        ("school", partial(change_draft, _sign)),
    ):
        routes.button(f"announce.{verb}", run, role=Role.COORDINATOR, card=FORM)
