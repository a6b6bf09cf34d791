"""The author's card of an announcement: what is asked, the preview, and after sending how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import escape

from bot.send import Message
from bot.texts import N_, join
from domain.announcements import TEXT_LIMIT, Announcement, Audience, State, Who
from domain.words import shorten
from handlers.announcement_audience import CLASSES_SHOWN, audience_named, choice_card, class_rows
from handlers.announcement_drafts import FORM, TEXT, today
from handlers.announcement_letter import head
from handlers.announcement_progress import progress_card
from handlers.buttons import button, home
from storage import announcements, audiences, drafts, schools

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts

SHOWN = 1500  # characters of the text in the preview, so that the card stays one message


async def authors_card(view: View) -> Message | None:
    """Draw an announcement for its author, whatever has become of it."""
    its = await announcements.of_author(view.tx, view.subject, view.person.id)
    if its.state is State.CANCELLED:
        return Message(view.texts("announce.cancelled"), [[home(view.texts)]])
    to = await audience_named(view, its)
    if its.state is State.SENT:
        return await progress_card(view, its, to)
    draft = await drafts.get(view.tx, view.person.id, FORM, its.id)
    if not its.text or (draft is not None and draft.step == TEXT):
        return await _ask(view, its, to)
    choice = await choice_card(view, its, str(view.args.get("part", "")))
    return choice or await _preview(view, its, to)


async def _ask(view: View, its: Announcement, to: Markup) -> Message:
    _ = view.texts
    cancel = button(_.plain("announce.cancel"), "announce.cancel", its.id)
    if its.text:
        text = join((_("announce.ask_again"), _("announce.quote", text=shorten(its.text, SHOWN))), "\n\n")
        rows = [[button(_.plain("announce.keep"), "announce.keep", its.id, its.version)]]
    else:
        chosen = _("announce.to_line", to=to) if its.audience != Audience() else None
        known = join((chosen, _file_line(_, its))) or None
        text = join((_("announce.ask_title"), known, _("announce.ask", limit=_.number(TEXT_LIMIT))), "\n\n")
        rows = []
        if await announcements.count(view.tx, view.person.id):
            rows.append([button(_.plain("announce.history"), "announce.history")])
    if its.file:
        rows.append([button(_.plain("announce.no_file"), "announce.nofile", its.id, its.version)])
    return Message(text, [*rows, [cancel]])


async def _preview(view: View, its: Announcement, to: Markup) -> Message:
    _ = view.texts
    readers = await audiences.people(view.tx, its, today=today(view), now=view.now)
    cut = len(its.text) > SHOWN
    short = _("announce.shortened", length=_.number(len(its.text))) if cut else None
    asked = _("announce.with_ack") if its.acknowledge else _("announce.without_ack")
    how_many = join((_.plural("announce.people", len(readers)), asked), " · ")
    text = join(
        (
            _("announce.preview_title"),
            head(_, its),
            escape(shorten(its.text, SHOWN)),
            _file_line(_, its),
            short,
            join((_("announce.to_line", to=to), how_many if readers else _("announce.people_none"))),
        ),
        "\n\n",
    )
    return Message(text, await _preview_buttons(view, its, len(readers), looks=cut or its.file is not None))


async def _preview_buttons(view: View, its: Announcement, readers: int, *, looks: bool) -> list[list[Button]]:
    _ = view.texts
    rows = [[button(_.plain_plural("announce.send", readers), "announce.send", its.id, its.version)]]
    classes = await schools.classes_of_coordinator(view.tx, view.person.id, its.school_id)
    if its.audience.who not in {Who.ENTERPRISE, Who.COLLEAGUES} and 1 < len(classes) <= CLASSES_SHOWN:
        rows += class_rows(_, its, classes)
    ticked = N_("announce.ack_on") if its.acknowledge else N_("announce.ack_off")
    to = button(_.plain("announce.audience"), "announce.part", its.id, its.version, "to")
    rows.append([to, button(_.plain(ticked), "announce.ack", its.id, its.version)])
    rows.append([button(_.plain("announce.edit"), "announce.text", its.id, its.version)])
    if looks:
        rows[-1].append(button(_.plain("announce.whole"), "announce.whole", its.id))
    return [*rows, [button(_.plain("announce.cancel"), "announce.cancel", its.id)]]


def _file_line(_: Texts, its: Announcement) -> Markup | None:
    if its.file is None:
        return None
    return _("announce.photo") if its.file.kind == "photo" else _("announce.file", name=its.file.name)


def register(routes: Routes) -> None:
    """Draw the card."""
    routes.card(FORM, authors_card)
