"""Classes: a coordinator's list of them, and the card of each with its people, its rules and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain import weeks
from domain.people import Role
from handlers.buttons import PAGE, button, home, pager
from handlers.class_forms import deadline_of, weekly
from handlers.template_cards import minimum_words
from storage import classes, invitations, outbox, people, schools, templates

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from storage.classes import Counted
    from storage.database import Transaction

# What other rooms offer for a class: the id of the button's words, and a verb that gets the class's id.
DOORS: tuple[tuple[str, str], ...] = (
    (N_("class.students_door"), "students"),
    (N_("class.template_door"), "template"),
    (N_("retention.door"), "retention"),
)


async def show_classes(_context: Context, _words: str) -> Show:
    """List the coordinator's classes."""
    return Show("classes")


async def turn_page(_context: Context, press: Press) -> Show:
    """List the coordinator's classes, from a page on."""
    return Show("classes", args={"page": press.page})


async def show_unclaimed(_context: Context, press: Press) -> Show:
    """List the classes of the school that nobody looks after."""
    return Show("classes_unclaimed", args={"page": press.page})


async def open_class(_context: Context, press: Press) -> Show:
    """Show a class."""
    return Show("class", press.id)


async def claim(context: Context, press: Press) -> Show:
    """Take over a class of the school that nobody covers."""

    async def work(tx: Transaction) -> Show:
        await classes.claim(tx, press.id, context.person.id)
        await _record(tx, context, "class_claimed", press.id)
        return Show("class", press.id, toast=N_("class.claimed"))

    return await context.write(work)


async def switch_photos(context: Context, press: Press) -> Show:
    """Allow photos in the logs of a class, or not."""

    async def work(tx: Transaction) -> Show:
        await classes.allow_photos(tx, press.id, context.person.id, allowed=press.rest == "on")
        await _record(tx, context, "class_changed", press.id)
        return Show("class", press.id, toast=N_("class.changed"))

    return await context.write(work)


async def switch_second_stage(context: Context, press: Press) -> Show:
    """Have what mentors approve passed on to the school, or let their word be the last; what was passed on stays."""
    wanted = press.rest == "on"

    async def work(tx: Transaction) -> Show:
        await classes.want_second_stage(tx, press.id, context.person.id, wanted=wanted)
        await _record(tx, context, "class_changed", press.id)
        return Show("class", press.id, toast=N_("class.second_on_done") if wanted else N_("class.second_off_done"))

    return await context.write(work)


async def choose_colleague(_context: Context, press: Press) -> Show:
    """Show who covers a class and who could."""
    return Show("class_colleagues", press.id, args={"page": press.page})


async def add_colleague(context: Context, press: Press) -> Show:
    """Let another coordinator of the school cover a class too, and tell them."""

    async def work(tx: Transaction) -> Show:
        await classes.for_coordinator(tx, press.id, context.person.id)
        candidates = {str(one.person_id): one for one in await classes.colleagues_to_add(tx, press.id)}
        if press.rest not in candidates:
            return Show("class_colleagues", press.id)
        colleague = candidates[press.rest].person_id
        await schools.cover_class(tx, press.id, colleague)
        await _record(tx, context, "coordinator_added", press.id)
        await outbox.add(tx, colleague, "class_entrusted", press.id, args={"by": context.person.name}, now=context.now)
        return Show("class_colleagues", press.id, toast=N_("class.colleague_added"))

    return await context.write(work)


async def _record(tx: Transaction, context: Context, act: str, class_id: int) -> None:
    await people.record_act(
        tx, actor_id=context.person.id, act=act, subject_kind="class", subject_id=class_id, now=context.now
    )


# --- cards ------------------------------------------------------------------------------------------------------


async def list_card(view: View) -> Message | None:
    """List the classes, five on a page."""
    _ = view.texts
    mine = await classes.of_coordinator(view.tx, view.person.id)
    unclaimed = await classes.covered_by_nobody(view.tx, view.person.id)
    last = [home(_)]
    claims = [[_claim(_, counted)] for counted in unclaimed]
    if len(unclaimed) > PAGE:  # they have pages of their own
        claims = [[button(_.plain_plural("classes.unclaimed_door", len(unclaimed)), "classes.unclaimed")]]
    if not mine:
        text = join((_("classes.none"), _("classes.unclaimed") if unclaimed else None), "\n\n")
        return Message(text, (*claims, (button(_.plain("classes.first"), "class.new"),), last))
    pages = -(-len(mine) // PAGE)
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = mine[page * PAGE : (page + 1) * PAGE]
    lines = [_.plural("classes.title", len(mine)), join(_line(_, counted) for counted in shown)]
    if unclaimed:
        lines.append(_("classes.unclaimed"))
    rows = [(button(counted.rules.name, "class", counted.rules.id),) for counted in shown]
    new = button(_.plain("classes.new"), "class.new")
    return Message(join(lines, "\n\n"), (*rows, pager(_, "classes", page, pages), *claims, (new,), last))


def _claim(_: Texts, counted: Counted) -> Button:
    return button(_.plain("class.claim", name=counted.rules.name), "class.claim", counted.rules.id)


async def unclaimed_card(view: View) -> Message | None:
    """List the classes that nobody looks after, five on a page."""
    _, unclaimed = view.texts, await classes.covered_by_nobody(view.tx, view.person.id)
    pages = max(1, -(-len(unclaimed) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    rows = [[_claim(_, counted)] for counted in unclaimed[page * PAGE : (page + 1) * PAGE]]
    last = [button(_.plain("classes.back"), "classes"), home(_)]
    said = N_("classes.unclaimed") if unclaimed else N_("classes.all_claimed")
    return Message(_(said), [*rows, pager(_, "classes.unclaimed", page, pages), last])


def _line(_: Texts, counted: Counted) -> Markup:
    rules = counted.rules
    if not counted.listed and not counted.waiting:
        return _("classes.line_empty", name=rules.name)
    if counted.waiting:
        return _.plural(
            "classes.line_waiting", counted.waiting, name=rules.name, joined=counted.joined, listed=counted.listed
        )
    return _("classes.line", name=rules.name, joined=counted.joined, listed=counted.listed)


async def class_card(view: View) -> Message | None:
    """Draw a class."""
    _, counted = view.texts, await classes.for_coordinator(view.tx, view.subject, view.person.id)
    rules = counted.rules
    asked = (await templates.of_class(view.tx, rules.id, week=weeks.week_of(view.now, rules.zone))).now.template
    links = len(await invitations.of_class(view.tx, rules.id, view.person.id, now=view.now))
    covering = await classes.covering(view.tx, rules.id)
    title = N_("class.head_specialty") if rules.specialty else N_("class.head")
    head = _(title, name=rules.name, specialty=rules.specialty)
    students = N_("class.students") if counted.listed else N_("class.no_students")
    photos = N_("class.rules_photos") if rules.photos_allowed else N_("class.rules_no_photos")
    covered_by = _.plain("class.comma").join(one.name for one in covering)
    about = (
        _(students, joined=counted.joined, listed=counted.listed),
        _.plural("class.waiting", counted.waiting) if counted.waiting else None,
        _("class.due", due=weekly(_, deadline_of(rules)), city=_.city(rules.time_zone)),
        _("class.log", minimum=minimum_words(_, asked.least)),
        _.plural("class.questions", len(asked.questions)) if asked.questions else None,
        _(photos),
        _.plural("class.term", rules.answer_days),
        _("class.rules_second") if rules.second_stage else None,
        _("class.covered_by", names=covered_by),
        _.plural("class.links", links) if links else None,
    )
    return Message(join((join((head, counted.school)), join(about)), "\n\n"), _class_buttons(_, counted, links))


def _class_buttons(_: Texts, counted: Counted, links: int) -> list[list[Button]]:
    def act(words: str, verb: str, rest: str = "") -> Button:
        return button(_.plain(words), verb, counted.rules.id, rest=rest)

    rows = [[act(N_("class.invite"), "invite.class")]]
    if links > 1:
        rows[0].append(act(N_("class.invitations"), "invitations.class"))
    if counted.waiting:
        rows.insert(0, [button(_.plain_plural("class.see_waiting", counted.waiting), "requests", counted.rules.id)])
    doors = [act(words, verb) for words, verb in DOORS]
    photos = act(N_("class.photos_off"), "class.photos", "off")
    if not counted.rules.photos_allowed:
        photos = act(N_("class.photos_on"), "class.photos", "on")
    second = act(N_("class.second_on"), "class.second", "on")
    if counted.rules.second_stage:
        second = act(N_("class.second_off"), "class.second", "off")
    return [
        *rows,
        *(doors[i : i + 2] for i in range(0, len(doors), 2)),
        [act(N_("class.change_due"), "class.edit", "due"), act(N_("class.change"), "class.edit")],
        [photos, act(N_("class.colleagues"), "class.colleagues")],
        [second],
        [button(_.plain("classes.back"), "classes"), home(_)],
    ]


async def colleagues_card(view: View) -> Message | None:
    """Show who covers a class, and the coordinators of the school who could too."""
    _, counted = view.texts, await classes.for_coordinator(view.tx, view.subject, view.person.id)
    covering = await classes.covering(view.tx, view.subject)
    names = _.plain("class.comma").join(one.name for one in covering)
    others = await classes.colleagues_to_add(view.tx, view.subject)
    said = N_("class.colleagues_some") if others else N_("class.colleagues_none")
    pages = max(1, -(-len(others) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    rows = [
        [button(_.plain("class.add", name=one.name), "class.add", view.subject, rest=one.person_id)]
        for one in others[page * PAGE : (page + 1) * PAGE]
    ]
    rows.append(pager(_, "class.colleagues", page, pages, view.subject))
    if len(covering) > 1:
        rows.append([button(_.plain("class.leave"), "class.leave", view.subject)])
    back = button(_.plain("class.back", name=counted.rules.name), "class", view.subject)
    text = join((_("class.colleagues_title", name=counted.rules.name, names=names), _(said)), "\n\n")
    return Message(text, [*rows, [button(_.plain("colleagues.invite"), "colleagues")], [back]])


async def entrusted_card(view: View) -> Message | None:
    """Tell a coordinator that a colleague has them cover a class too."""
    _, counted = view.texts, await classes.for_coordinator(view.tx, view.subject, view.person.id)
    text = _("class.entrusted", by=str(view.args.get("by", "")), name=counted.rules.name)
    return Message(text, ((button(_.plain("class.back", name=counted.rules.name), "class", view.subject),),))


def register(routes: Routes) -> None:
    """Open the classes to their coordinators."""
    role = Role.COORDINATOR
    routes.command("classes", show_classes, role=role)
    routes.button("classes", turn_page, role=role, card="classes")
    routes.button("class", open_class, role=role)
    routes.button("class.claim", claim, role=role, card="classes")
    routes.button("class.photos", switch_photos, role=role, card="class")
    routes.button("class.second", switch_second_stage, role=role, card="class")
    routes.button("class.colleagues", choose_colleague, role=role)
    routes.button("class.add", add_colleague, role=role, card="class_colleagues")
    routes.button("classes.unclaimed", show_unclaimed, role=role)
    routes.card("classes", list_card)
    routes.card("classes_unclaimed", unclaimed_card)
    routes.card("class", class_card)
    routes.card("class_colleagues", colleagues_card)
    routes.card("class_entrusted", entrusted_card)
