"""Settings: language, time zone, time of the reminder, what is kept unasked; one card that is edited in place."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Language, Role
from domain.times import USUAL, is_quiet, parse_time
from domain.zones import COMMON
from handlers import answers, cities
from handlers.buttons import button, home
from handlers.dates import weekdays
from handlers.home import forms_to_continue
from storage import drafts, outbox, people, schedule

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.people import Draft, Person
    from storage.database import Transaction

FORM = "settings"
ZONE, TIME = "zone", "time"  # the steps: what is chosen or typed next
DEFAULT = "default"
TIMES = tuple(time(hour) for hour in (8, 9, 12, 17, 18, 19, 20, 21))
_ROW = 4

_REMINDERS = {
    Role.STUDENT: N_("settings.reminder_student"),
    Role.MENTOR: N_("settings.reminder_mentor"),
    Role.COORDINATOR: N_("settings.reminder_coordinator"),
}
ON, OFF = "on", "off"
_KEEP = {ON: N_("settings.keep_on"), OFF: N_("settings.keep_off")}
_NAMED = {"en": Language.ENGLISH, "english": Language.ENGLISH, "zh": Language.CHINESE, "chinese": Language.CHINESE}


async def show_settings(context: Context, _words: str) -> Show:
    """Show the settings."""
    return await context.write(lambda tx: _leave(tx, context))


async def press_settings(context: Context, _press: Press) -> Show:
    """Show the settings, from wherever one is; what was asked for there is left."""
    return await context.write(lambda tx: _leave(tx, context))


async def choose(context: Context, press: Press) -> Show:
    """Ask for the time zone or the time: pressed or typed."""
    if press.rest not in {ZONE, TIME}:
        raise Stale(Show("settings"))

    async def work(tx: Transaction) -> Show:
        await drafts.activate(tx, context.person.id, FORM, step=press.rest, now=context.now)
        return Show("settings")

    return await context.write(work)


async def _leave(tx: Transaction, context: Context) -> Show:
    await drafts.close(tx, context.person.id, FORM)
    return Show("settings")


# --- the language -----------------------------------------------------------------------------------------------


async def switch_language(context: Context, words: str) -> Show:
    """Speak the other language, or the one that is named behind the command."""
    language = _NAMED.get(words.casefold(), _other(context.person))
    return await context.write(lambda tx: _speak(tx, context, language, Show("settings")))


async def press_language(context: Context, press: Press) -> Show:
    """Speak the language on the button of the settings."""
    language = Language(press.rest) if press.rest in set(Language) else _other(context.person)
    return await context.write(lambda tx: _speak(tx, context, language, Show("settings")))


async def next_language(context: Context, _press: Press) -> Show:
    """Switch to the other language, and show again what was asked."""
    draft = context.person.draft
    shown = Show(draft.form, draft.subject) if draft else Show("home")
    return await context.write(lambda tx: _speak(tx, context, _other(context.person), shown))


def _other(person: Person) -> Language:
    return Language.ENGLISH if person.language is Language.CHINESE else Language.CHINESE


async def _speak(tx: Transaction, context: Context, language: Language, shown: Show) -> Show:
    await people.set_language(tx, context.person.id, language)
    await outbox.add(tx, context.person.id, "menu", now=context.now)
    return shown


# --- the time zone and the reminder -----------------------------------------------------------------------------


async def press_zone(context: Context, press: Press) -> Show:
    """Take the time zone on the button."""
    if not cities.is_zone(press.rest):
        raise Stale(Show("settings"))
    return await context.write(lambda tx: _use_zone(tx, context, press.rest))


async def press_time(context: Context, press: Press) -> Show:
    """Take the time on the button, or the usual one again."""
    at = None if press.rest == DEFAULT else parse_time(press.rest)
    if at is None and press.rest != DEFAULT:
        raise Stale(Show("settings"))
    return await context.write(lambda tx: _use_time(tx, context, at))


async def take_typed(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Take a typed city, zone or time."""
    typed = answers.line(message, limit=100)
    if draft.step == TIME:
        at = parse_time(typed)
        if at is None:
            raise Refused(N_("settings.time_unclear"))
        context.receipt = not is_quiet(at)
        return await context.write(lambda tx: _use_time(tx, context, at))
    found = cities.find(typed, context.texts.values())
    if not found:
        raise Refused(N_("settings.zone_unknown"))
    if len(found) > 1:
        return Show("settings", args={"found": ",".join(found)})
    context.receipt = True
    return await context.write(lambda tx: _use_zone(tx, context, found[0]))


async def _use_zone(tx: Transaction, context: Context, zone: str) -> Show:
    await people.set_time_zone(tx, context.person.id, zone)
    return await _changed(tx, context)


async def _use_time(tx: Transaction, context: Context, at: time | None) -> Show:
    if at is not None and is_quiet(at):
        raise Refused(N_("settings.quiet_hours"), at=f"{at:%H:%M}")
    await people.set_reminder_time(tx, context.person.id, at)
    return await _changed(tx, context)


async def _changed(tx: Transaction, context: Context) -> Show:
    await schedule.replan_person(tx, context.person.id, context.now)
    await _leave(tx, context)
    return Show("settings", toast=N_("settings.saved"))


# --- what is kept unasked ---------------------------------------------------------------------------------------


async def press_keep(context: Context, press: Press) -> Show:
    """Keep whatever a student sends for the week's log unasked, or ask each time."""
    if press.rest not in _KEEP:
        raise Stale(Show("settings"))

    async def work(tx: Transaction) -> Show:
        await people.set_keeps_all(tx, context.person.id, keeps=press.rest == ON)
        return Show("settings", toast=N_("settings.saved"))

    return await context.write(work)


# --- the card ---------------------------------------------------------------------------------------------------


async def settings_card(view: View) -> Message | None:
    """Draw the settings, or the choice that is open in them."""
    draft = view.person.draft
    step = draft.step if draft and draft.form == FORM else ""
    if step == ZONE:
        return _zone_choice(view)
    if step == TIME:
        return _time_choice(view)
    _, person = view.texts, view.person
    rows: list[Sequence[Button]] = [*await forms_to_continue(view)]
    rows.append((button(_.plain("settings.other_language"), "settings.language", rest=_other(person).value),))
    lines = [_("settings.language")]
    if person.roles:
        lines.append(_zone_line(view))
        rows.append((button(_.plain("settings.zone_button"), "settings.choose", rest=ZONE),))
    if reminders := [_reminder(_, role, person) for role in _REMINDERS if role in person.roles]:
        lines += reminders
        rows[-1] = (*rows[-1], button(_.plain("settings.time_button"), "settings.choose", rest=TIME))
    if Role.MENTOR in person.roles:
        rows.append((button(_.plain("digest.door"), "digest"),))
    if Role.STUDENT in person.roles:
        lines.append(_("settings.keeps_all") if person.keeps_all else _("settings.keeps_asking"))
        other = OFF if person.keeps_all else ON
        rows.append((button(_.plain(_KEEP[other]), "settings.keep", rest=other),))
    if person.roles & {Role.MENTOR, Role.COORDINATOR}:
        rows.append((button(_.plain("phrases.door"), "phrases"),))
    return Message(join((_("settings.title"), join(lines)), "\n\n"), [*rows, (home(_),)])


def _zone_line(view: View) -> Markup:
    _, zone = view.texts, view.person.zone
    return _("settings.zone", city=_.city(view.person.time_zone), now=_.moment(view.now, zone))


def _reminder(_: Texts, role: Role, person: Person) -> Markup:
    at = person.reminder_time or USUAL[role]
    line = _(_REMINDERS[role], at=f"{at:%H:%M}", days=weekdays(_, person.digest_days))
    return line if person.reminder_time else _("settings.usual", line=line)


def _zone_choice(view: View) -> Message:
    _, chosen = view.texts, view.person.time_zone
    found = [zone for zone in str(view.args.get("found", "")).split(",") if zone]
    text = _("settings.which_of_these") if found else join((_zone_line(view), _("settings.ask_zone")), "\n\n")
    # Two zones of one city are told apart by their full names.
    shown = [_.city(zone) for zone in found or COMMON]
    names = shown if len(set(shown)) == len(shown) else found
    picks = [
        button(mark(name, chosen=zone == chosen), "settings.zone", rest=zone)
        for name, zone in zip(names, found or COMMON, strict=True)
    ]
    return Message(text, _with_back(_, picks, 2))


def _time_choice(view: View) -> Message:
    _, person = view.texts, view.person
    roles = [role for role in _REMINDERS if role in person.roles]
    lines = join([_reminder(_, role, person) for role in roles])
    picks = [
        button(mark(f"{at:%H:%M}", chosen=at == person.reminder_time), "settings.time", rest=f"{at:%H%M}")
        for at in TIMES
    ]
    rows = _with_back(_, picks, _ROW)
    usual = " / ".join(sorted({f"{USUAL[role]:%H:%M}" for role in roles}))
    rows.insert(-1, [button(_.plain("settings.usual_button", at=usual), "settings.time", rest=DEFAULT)])
    return Message(join((lines, _("settings.ask_time")), "\n\n"), rows)


def mark(name: str, *, chosen: bool) -> str:
    """Return what stands on a button, with a mark where it is the one that is chosen."""
    return f"✓ {name}" if chosen else name


def _with_back(_: Texts, picks: list[Button], width: int) -> list[list[Button]]:
    rows = [picks[start : start + width] for start in range(0, len(picks), width)]
    return [*rows, [button(_.plain("button.back"), "settings")]]


def register(routes: Routes) -> None:
    """Answer settings."""
    routes.command("settings", show_settings, lays_aside=False, open_to_all=True)
    routes.command("language", switch_language, lays_aside=False, open_to_all=True)
    routes.form(FORM, take_typed, open_to_all=True)
    routes.card("settings", settings_card)
    routes.button("language.next", next_language, open_to_all=True)
    buttons: dict[str, Callable[[Context, Press], Awaitable[Show]]] = {
        "settings": press_settings,
        "settings.choose": choose,
        "settings.language": press_language,
        "settings.zone": press_zone,
        "settings.time": press_time,
    }
    routes.button("settings.keep", press_keep, role=Role.STUDENT, card="settings")
    for verb, run in buttons.items():
        routes.button(verb, run, card="settings", open_to_all=True)
