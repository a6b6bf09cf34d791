"""The cards of moments: one with what can be done with it, and the list of those that are not used yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message
from bot.texts import N_, join
from domain import weeks
from domain.logs import FILES_LIMIT
from domain.moments import Moment, MomentState
from domain.words import shorten
from handlers import dates, sections
from handlers.attachments import MEGABYTES
from handlers.buttons import PAGE, button, home, pager
from handlers.question_cards import ask_button
from storage import logs, moments

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.send import Button
    from bot.texts import Texts

CARD, LIST = "moment", "moments"
_KINDS = {
    "photo": N_("moment.photos"),
    "document": N_("moment.documents"),
    "voice": N_("moment.voices"),
}
_SETTLED = {MomentState.USED: N_("moment.kept"), MomentState.DROPPED: N_("moment.dropped")}
_QUOTED, _WORDS = 200, 40  # characters of a moment on its card, and in a line of the list


async def moment_card(view: View) -> Message | None:
    """Draw a moment: asked about, kept, in the log, or left out."""
    moment, _ = await moments.for_student(view.tx, view.subject, view.person.id), view.texts
    week = dates.week_name(_, weeks.number(moment.starts_on, moment.week), moment.week)
    to_log = button(_.plain("moment.to_log"), "log.open", moment.placement_id, rest=moment.week.isoformat())
    to_list = button(_.plain("moment.to_list"), "moments")
    if moment.state is MomentState.USED:
        return Message(_(_SETTLED[moment.state], week=week), [[to_log, to_list]])
    keep = button(_.plain("moment.keep"), "moment.keep", moment.id)
    if moment.state is MomentState.DROPPED:
        return Message(_(_SETTLED[moment.state], week=week), [[keep], [to_list]])
    what = join((_kind(_, moment), _("log.quote", text=shorten(moment.text, _QUOTED)) if moment.text else None))
    room = await _room(view, moment) if moment.files else None
    drop = button(_.plain("moment.no"), "moment.drop", moment.id)
    if moment.state is MomentState.OFFERED:
        always = button(_.plain("moment.always"), "moment.always", moment.id)
        rules = _("moment.photo_rules") if moment.kind == "photo" else None
        text = join((_("moment.ask", week=week), what, join((room, rules)) or None), "\n\n")
        return Message(text, [[keep], *_help(_, moment), [always], [drop]])
    text = join((_("moment.saved", week=week), what, room or _("moment.where")), "\n\n")
    return Message(text, [*_places(_, moment), *_help(_, moment), [drop], [to_log, to_list]])


def _places(_: Texts, moment: Moment) -> list[list[Button]]:
    if moment.files:
        return [[button(_.plain("moment.put"), "moment.put", moment.id)]]
    each = [
        button(sections.label(_, moment.template, section), "moment.put", moment.id, rest=section.value)
        for section in moment.template.sections
    ]
    return [each[start : start + 2] for start in range(0, len(each), 2)]


def _help(_: Texts, moment: Moment) -> list[list[Button]]:
    """Offer to send what is written there to the mentor at once."""
    return [[ask_button(_, "question.moment", moment.id)]] if moment.text else []


def _kind(_: Texts, moment: Moment) -> Markup | None:
    return _.plural(_KINDS[moment.kind], moment.files) if moment.files else None


async def _room(view: View, moment: Moment) -> Markup:
    """Say how many files there are for the log of the week, before there are too many."""
    log = await logs.of_week(view.tx, moment.placement_id, moment.week)
    _waiting, files = await moments.waiting_in_week(view.tx, moment.placement_id, moment.week)
    number = files + (len(log.files) if log else 0)
    return view.texts.plural("moment.room", number, limit=FILES_LIMIT, megabytes=MEGABYTES)


async def list_card(view: View) -> Message | None:
    """List the moments that are not used yet, of whatever week, the newest first."""
    _, total = view.texts, await moments.count_waiting(view.tx, view.person.id)
    to_log = button(_.plain("button.log"), "log.now")
    if not total:
        return Message(_("moments.empty"), [[to_log], [home(_)]])
    pages = -(-total // PAGE)
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = await moments.waiting(view.tx, view.person.id, page=page, size=PAGE)
    rows = [[button(_line(_, moment), "moment.show", moment.id)] for moment in shown]
    text = _.plural("moments.title", total)
    return Message(text, [*rows, pager(_, "moments", page, pages), [to_log], [home(_)]])


def _line(_: Texts, moment: Moment) -> str:
    kind = _.plain_plural(_KINDS[moment.kind], moment.files) if moment.files else ""
    words = " ".join(moment.text.split())
    what = shorten(" ".join(filter(None, (kind, words))), _WORDS)
    return _.plain("moments.line", day=_.day(moment.sent_on), what=what)
