"""The log template of a class: coordinators choose what is asked each week, and see it as their students will.

What they change is a new version for the weeks from the next Monday on. Until then it can be changed further or taken
back, and whatever log was begun before keeps its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from bot.texts import N_
from domain import weeks
from domain.logs import Section
from domain.people import Role
from domain.templates import CHOSEN, LEAST, PHOTOS, Asked
from domain.words import whole_number
from handlers import template_cards
from handlers.template_cards import CARD, PART, PHOTO, PREVIEW, read
from storage import people, templates

if TYPE_CHECKING:
    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.schools import Class
    from domain.templates import Template, Templates
    from storage.database import Transaction


async def open_template(_context: Context, press: Press) -> Show:
    """Show what a class is asked."""
    return Show(CARD, press.id)


async def open_part(_context: Context, press: Press) -> Show:
    """Show how one part is asked for, to be chosen."""
    return Show(PART, press.id, args={"part": press.rest})


async def preview(_context: Context, press: Press) -> Show:
    """Show the questions as students will read them."""
    return Show(PREVIEW, press.id)


async def change(context: Context, press: Press) -> Show:
    """Ask for a part in another way."""
    part, _, value = press.rest.partition(".")

    async def work(tx: Transaction) -> Show:
        rules, its = await read(tx, context, press.id)
        changed = _changed(its.newest.template, part, value)
        if changed is None or press.version != its.newest.number:
            raise Stale(Show(CARD, press.id))
        return await keep(tx, context, rules, its, changed)

    return await context.write(work)


def _changed(template: Template, part: str, value: str) -> Template | None:
    """Return the template with one change; None for what no button offers."""
    number = whole_number(value)
    if part == PHOTO and number in PHOTOS:
        return replace(template, photos=number)
    if part == Section.DONE and number in LEAST:
        return replace(template, least=number)
    if part in {*CHOSEN, *template.questions} and value in set(Asked):
        return template.asking(Section(part), Asked(value))
    return None


async def take_back(context: Context, press: Press) -> Show:
    """Let everything stay as it is asked for now."""

    async def work(tx: Transaction) -> Show:
        rules, its = await read(tx, context, press.id)
        if press.version != its.newest.number or its.coming is None:
            raise Stale(Show(CARD, press.id))
        return await keep(tx, context, rules, its, its.now.template)

    return await context.write(work)


async def keep(tx: Transaction, context: Context, rules: Class, its: Templates, template: Template) -> Show:
    """Write a changed template as a version for the weeks from the next Monday on; raises `Conflict`."""
    if template == its.newest.template:
        return Show(CARD, rules.id)
    me, now = context.person.id, context.now
    monday = weeks.week_of(now, rules.zone) + weeks.WEEK
    await templates.write(tx, rules.id, template, after=its.newest.number, valid_from=monday, by=me, now=now)
    await people.record_act(tx, actor_id=me, act="template_changed", subject_kind="class", subject_id=rules.id, now=now)
    if template == its.now.template:
        return Show(CARD, rules.id, toast=N_("template.as_before"))
    return Show(CARD, rules.id, args={"day": context._.day(monday)}, toast=N_("template.changed"))


def register(routes: Routes) -> None:
    """Open the log template of a class to its coordinators."""
    for verb, run in (
        ("template", open_template),
        ("template.part", open_part),
        ("template.set", change),
        ("template.undo", take_back),
        ("template.preview", preview),
    ):
        routes.button(verb, run, role=Role.COORDINATOR, card=CARD)
    template_cards.register(routes)
