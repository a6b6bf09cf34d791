"""The cards of a class's log template: what is asked, one part with the ways to ask for it, and the students' view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message
from bot.texts import N_, join
from domain import weeks
from domain.logs import WRITTEN, Section
from domain.templates import CHOSEN, LEAST, PHOTOS, Asked
from handlers import sections
from handlers.buttons import button
from storage import classes, templates

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.schools import Class
    from domain.templates import Template, Templates, Version
    from storage.database import Transaction

CARD, PART, PREVIEW = "template", "template_part", "template_preview"
PHOTO = "photos"  # the part that is no section

_LINES = {
    Asked.REQUIRED: N_("template.line_required"),
    Asked.OPTIONAL: N_("template.line_optional"),
}
_WAYS = {
    Asked.REQUIRED: N_("template.required"),
    Asked.OPTIONAL: N_("template.optional"),
    Asked.OUT: N_("template.leave_out"),
}


async def read(tx: Transaction, reader: Context | View, class_id: int) -> tuple[Class, Templates]:
    """Read a class that this coordinator covers, and its template in the class's week; raises `NotFound`."""
    rules = (await classes.for_coordinator(tx, class_id, reader.person.id)).rules
    return rules, await templates.of_class(tx, class_id, week=weeks.week_of(reader.now, rules.zone))


def minimum_words(_: Texts, count: int) -> str:
    """Return the shortest log in words."""
    return _.plain_plural("template.minimum", count) if count else _.plain("template.no_minimum")


async def template_card(view: View) -> Message | None:
    """Draw what a class is asked: the newest version, and from when on it holds."""
    _, (rules, its) = view.texts, await read(view.tx, view, view.subject)
    template, coming = its.newest.template, its.coming
    monday = weeks.week_of(view.now, rules.zone) + weeks.WEEK
    said = N_("template.coming") if coming else N_("template.holds")
    day = _.full_day(coming.valid_from if coming and coming.valid_from else monday)
    text = join((_("template.title", name=rules.name), _lines(_, rules, template), _(said, day=day)), "\n\n")
    return Message(text, _buttons(_, rules, its))


def _lines(_: Texts, rules: Class, template: Template) -> Markup:
    lines = []
    for number, (section, least) in enumerate(template.leasts.items(), 1):
        called = sections.name(_, template, section)
        if least > 1:
            lines.append(_.plural("template.line_least", least, number=number, name=called))
        else:
            lines.append(_(_LINES[template.how(section)], number=number, name=called))
    out = [sections.name(_, template, section) for section in CHOSEN if section not in template.sections]
    if out:
        lines.append(_("template.line_out", names=" · ".join(out)))
    if template.photos:
        lines.append(
            _.plural("template.line_photos", template.photos) if rules.photos_allowed else _("template.line_no_photos")
        )
    return join(lines)


def _buttons(_: Texts, rules: Class, its: Templates) -> list[list[Button]]:
    template = its.newest.template
    parts = [_part_button(_, rules, template, section) for section in WRITTEN if _is_there(template, section)]
    parts.append(button(_.plain("template.photos"), "template.part", rules.id, rest=PHOTO))
    rows = [parts[start : start + 2] for start in range(0, len(parts), 2)]
    if template.free:
        rows.append([button(_.plain("template.add"), "template.write", rules.id)])
    rows.append([button(_.plain("template.preview"), "template.preview", rules.id)])
    if its.coming:
        rows.append([button(_.plain("template.undo"), "template.undo", rules.id, its.newest.number)])
    return [*rows, [button(_.plain("class.back", name=rules.name), "class", rules.id)]]


def _is_there(template: Template, section: Section) -> bool:
    return section in {Section.DONE, *CHOSEN, *template.questions}


def _part_button(_: Texts, rules: Class, template: Template, section: Section) -> Button:
    label = N_("template.own_button") if section in template.questions else N_("template.part_button")
    said = _.plain(label, name=sections.label(_, template, section))
    return button(said, "template.part", rules.id, rest=section.value)


# --- one part ---------------------------------------------------------------------------------------------------


async def part_card(view: View) -> Message | None:
    """Draw one part and the ways in which it can be asked for; the whole where it is gone meanwhile."""
    _, (rules, its) = view.texts, await read(view.tx, view, view.subject)
    part, newest = str(view.args.get("part", "")), its.newest
    if part == PHOTO:
        text, rows = _photos(_, rules, newest)
    elif part in set(Section) and _is_there(newest.template, Section(part)):
        text, rows = _section(_, rules, newest, Section(part))
    else:
        return await template_card(view)
    return Message(text, [*rows, [button(_.plain("button.back"), CARD, rules.id)]])


def _photos(_: Texts, rules: Class, newest: Version) -> tuple[Markup, list[list[Button]]]:
    if not rules.photos_allowed:
        return _("template.photos_off"), []
    labels = {count: _.plain_plural("template.photos_least", count) for count in PHOTOS}
    labels[0] = _.plain("template.photos_none")
    ways = [_way(_, rules, newest, f"{PHOTO}.{n}", said, n == newest.template.photos) for n, said in labels.items()]
    return _("template.ask_photos"), [ways[:1], *(ways[start : start + 2] for start in range(1, len(ways), 2))]


def _section(_: Texts, rules: Class, newest: Version, section: Section) -> tuple[Markup, list[list[Button]]]:
    template, called = newest.template, sections.name(_, newest.template, section)
    if section is Section.DONE:
        labels = {count: _.plain_plural("template.characters", count) for count in LEAST}
        labels[0] = _.plain("template.no_minimum")
        ways = [_way(_, rules, newest, f"{section}.{n}", said, n == template.least) for n, said in labels.items()]
        rows = [ways[:1], *(ways[start : start + 2] for start in range(1, len(ways), 2))]
        return _("template.ask_least", name=called), rows
    ways = [
        _way(_, rules, newest, f"{section}.{how}", _.plain(said), how is template.how(section))
        for how, said in _WAYS.items()
    ]
    if section not in template.questions:
        return _("template.ask_part", name=called), [[way] for way in ways]
    words = button(_.plain("template.change_words"), "template.write", rules.id, rest=section.value)
    drop = _way(_, rules, newest, f"{section}.{Asked.OUT}", _.plain("template.drop"), chosen=False)
    return _("template.ask_own", question=called), [ways[:2], [words], [drop]]


def _way(_: Texts, rules: Class, newest: Version, rest: str, said: str, chosen: bool) -> Button:  # noqa: FBT001
    label = _.plain("template.chosen", way=said) if chosen else said
    return button(label, "template.set", rules.id, newest.number, rest)


# --- as students see it -----------------------------------------------------------------------------------------


async def preview_card(view: View) -> Message | None:
    """Draw the form as a student will find it, and what is asked in it one after the other."""
    _, (rules, its) = view.texts, await read(view.tx, view, view.subject)
    template = its.newest.template
    lines = [
        sections.line(_, template, section, number, written=0, least=least)
        for number, (section, least) in enumerate(template.leasts.items(), 1)
    ]
    if template.photos and rules.photos_allowed:
        lines.append(_.plural("log.photos_line", template.photos, photos=0))
    asked = [sections.ask(_, template, section) for section in template.sections]
    text = join((_("template.preview_title", name=rules.name), join(lines), join(asked, "\n\n")), "\n\n")
    return Message(text, [[button(_.plain("button.back"), CARD, rules.id)]])


def register(routes: Routes) -> None:
    """Draw the cards of log templates."""
    routes.card(CARD, template_card)
    routes.card(PART, part_card)
    routes.card(PREVIEW, preview_card)
