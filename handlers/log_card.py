"""The card of a weekly log as its student sees it: what is written, what is asked, and where the log is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.send import ALBUM_LIMIT, Attachment, Button, Message
from bot.texts import N_, join
from domain.logs import FILES_LIMIT, HOURS_LIMIT, OPEN_SECTIONS, Log, LogState, Section
from domain.remarks import Remarks
from domain.words import shorten
from handlers import dates, pulse, verdict, waiting
from handlers.attachments import MEGABYTES
from handlers.buttons import button
from handlers.remarks import remark_on
from storage import drafts, logs

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.context import View
    from bot.texts import Texts
    from domain.people import Draft

FORM = "log"
_CHANGE = N_("log.write_on")
HOURS, PHOTOS, READY = "hours", "photos", "ready"
ADD = "+"  # behind a section's name: what is sent is added to what is there
FILLED = "filled"  # in the form's answers: what was put in from the week's moments, to be undone
QUICK_HOURS = (40, 38, 35, 32, 24, 16)

NAMES = {
    Section.DONE: N_("log.section.done"),
    Section.LEARNED: N_("log.section.learned"),
    Section.PROBLEMS: N_("log.section.problems"),
    Section.PLAN: N_("log.section.plan"),
    Section.ANSWER: N_("log.section.answer"),
}
_ASK = {
    Section.DONE: N_("log.ask.done"),
    Section.LEARNED: N_("log.ask.learned"),
    Section.PROBLEMS: N_("log.ask.problems"),
    Section.PLAN: N_("log.ask.plan"),
    Section.ANSWER: N_("log.ask.answer"),
}
_NEXT = {
    Section.DONE: N_("log.next.done"),
    Section.LEARNED: N_("log.next.learned"),
    Section.PROBLEMS: N_("log.next.problems"),
    Section.PLAN: N_("log.next.plan"),
    Section.ANSWER: N_("log.next.answer"),
}
STATES = {
    LogState.DRAFT: N_("log.state.draft"),
    LogState.SUBMITTED: N_("log.state.submitted"),
    LogState.APPROVED: N_("log.state.approved"),
    LogState.NEEDS_INFO: N_("log.state.needs_info"),
    LogState.RETURNED: N_("log.state.returned"),
}


async def log_card(view: View) -> Message | None:
    """Draw the log: the form while it is open, else where it is."""
    log = view.record
    if not isinstance(log, Log):
        log = await logs.for_student(view.tx, view.subject, view.person.id)
    if view.args.get("preview"):
        return _preview(view, log, (await verdict.latest(view, log))[1])
    if not log.is_open:
        return await _status(view, log)
    draft = view.person.draft
    if draft is None or (draft.form, draft.subject) != (FORM, log.id):
        draft = await drafts.get(view.tx, view.person.id, FORM, log.id)
    return await _form(view, log, draft) if draft else await _status(view, log)


# --- while it is written ----------------------------------------------------------------------------------------


async def _form(view: View, log: Log, draft: Draft) -> Message:
    _, step = view.texts, draft.step
    title = _("log.title", week=dates.log_name(_, log), due=dates.due(_, log.due_at, view.now, view.person.zone))
    asked, remarks = await verdict.latest(view, log)
    open_now = OPEN_SECTIONS[log.state]
    lines = [
        join((_line(_, log, section, number), remark_on(_, remarks, section)))
        for number, section in enumerate(open_now, 1)
    ]
    elsewhere = remarked(_, remarks, but=open_now)
    extras = _extras(_, log)
    text = join((title, asked, elsewhere, join([*lines, extras]), _question(_, log, step)), "\n\n")
    return Message(text, [*_moment_buttons(_, log, draft), *_form_buttons(_, log, step)])


def _line(_: Texts, log: Log, section: Section, number: int) -> Markup:
    written = log.sections.get(section, "")
    if written:
        return _.plural("log.line_written", len(written), number=number, name=_(NAMES[section]))
    optional = section not in {Section.DONE, Section.ANSWER}
    said = N_("log.line_optional") if optional else N_("log.line_empty")
    return _(said, number=number, name=_(NAMES[section]))


def _extras(_: Texts, log: Log) -> Markup | None:
    hours = _("log.hours", hours=_.number(log.hours)) if log.hours is not None else None
    files = _.plural("log.files", len(log.files)) if log.files else None
    return join((hours, files), " · ") or None


def _question(_: Texts, log: Log, step: str) -> Markup:
    if step == HOURS:
        return _("log.ask.hours", limit=int(HOURS_LIMIT))
    if step == PHOTOS:
        return _ask_files(_, log)
    section = section_of(step)
    if section is None or section not in OPEN_SECTIONS[log.state]:
        return _("log.ready_again") if log.submitted_at else _("log.ready")
    there = log.sections.get(section)
    if not there:
        return _(_ASK[section])
    ask = N_("log.ask_more") if step.endswith(ADD) else N_("log.ask_instead")
    return join((_("log.quote", text=shorten(there, 600)), _(ask, name=_(NAMES[section]))), "\n\n")


def _ask_files(_: Texts, log: Log) -> Markup:
    left = FILES_LIMIT - len(log.files)
    if not left:
        return _("log.ask.no_more_files", limit=FILES_LIMIT)
    ask = N_("log.ask.photos") if log.placement.rules.photos_allowed else N_("log.ask.files")
    return _.plural(ask, left, megabytes=MEGABYTES)


def _moment_buttons(_: Texts, log: Log, draft: Draft) -> list[list[Button]]:
    """Offer the draft that the moments of the week make, and to take it out again until something is edited."""
    rows = []
    if log.moments and Section.DONE in OPEN_SECTIONS[log.state]:
        rows.append([button(_.plain_plural("moment.fill", log.moments), "moment.fill", log.id, log.version)])
    if draft.answers.get(FILLED, {}).get("version") == log.version:
        rows.append([button(_.plain("moment.undo"), "moment.undo", log.id, log.version)])
    return rows


def _form_buttons(_: Texts, log: Log, step: str) -> list[list[Button]]:
    rows: list[list[Button]] = []
    section = section_of(step)
    if step == HOURS:
        picks = [button(_.plain("log.pick_hours", hours=h), "log.hours", log.id, rest=h) for h in QUICK_HOURS]
        rows += [picks[:3], picks[3:]]
    if step == PHOTOS and log.files:
        rows.append([button(_.plain("log.drop_last"), "log.drop", log.id, log.version)])
    if section and log.sections.get(section) and not step.endswith(ADD):
        rows.append([button(_.plain("log.add_instead"), "log.ask", log.id, rest=section.value + ADD)])
    following = next_step(log, step)
    if following != READY:
        rows.append([button(_.plain(_next_name(following)), "log.ask", log.id, rest=following)])
    if log.lacks() is None:
        rows.append([button(_.plain("log.submit"), "log.submit", log.id, log.version)])
        rows.append([button(_.plain("log.preview"), "log.preview", log.id)])
    if log.state is not LogState.NEEDS_INFO:
        tools = [(HOURS, N_("log.hours_button")), (PHOTOS, N_("log.photos_button"))]
        rows.append([button(_.plain(words), "log.ask", log.id, rest=name) for name, words in tools if name != step])
        if log.sections:
            rows[-1].append(button(_.plain("log.change"), "log.sections", log.id))
    return [*rows, [button(_.plain("log.weeks"), "log.weeks"), button(_.plain("button.home"), "home")]]


def _next_name(step: str) -> str:
    if step == HOURS:
        return N_("log.next.hours")
    return _NEXT[Section(step)]


def section_of(step: str) -> Section | None:
    """Return the section that a step asks for; None for hours, photos and the end."""
    name = step.removesuffix(ADD)
    return Section(name) if name in set(Section) else None


def next_step(log: Log, step: str) -> str:
    """Return what is asked after a step: the next empty section, then the hours, then nothing more."""
    order = OPEN_SECTIONS.get(log.state, ())
    section = section_of(step)
    behind = order[order.index(section) + 1 :] if section in order else ()
    if step in {HOURS, READY}:
        return READY
    for following in behind or (order if step == PHOTOS else ()):
        if not log.sections.get(following):
            return following.value
    return HOURS if log.hours is None and log.state is not LogState.NEEDS_INFO else READY


async def sections_card(view: View) -> Message | None:
    """Ask which section is to be changed."""
    log, _ = await logs.for_student(view.tx, view.subject, view.person.id), view.texts
    if not log.is_open:
        return await _status(view, log)
    rows = [
        [button(_.plain(NAMES[section]), "log.ask", log.id, rest=section.value)] for section in OPEN_SECTIONS[log.state]
    ]
    back = button(_.plain("button.back"), "log.edit", log.id)
    return Message(_("log.which_section", week=dates.log_name(_, log)), [*rows, [back]])


# --- as it is read ----------------------------------------------------------------------------------------------


def written(_: Texts, log: Log, remarks: Remarks | None = None) -> Markup:
    """Return the whole log as its readers see it, with the remarks at their sections."""
    its = remarks or Remarks()
    texts = [(section, text) for section, text in log.sections.items() if text]
    parts = [
        join((_("log.section_text", name=_(NAMES[section]), text=text), remark_on(_, its, section)))
        for section, text in texts
    ]
    return join((*parts, _extras(_, log)), "\n\n")


def remarked(_: Texts, remarks: Remarks, but: Collection[Section] = ()) -> Markup | None:
    """Return the remarks on sections, each with the name of its own, where the sections themselves are not shown."""
    shown = ((section, words) for section, words in remarks.sections.items() if section not in but)
    return join(_("remark.section", name=_(NAMES[section]), words=words) for section, words in shown) or None


def attachments(log: Log) -> list[Attachment]:
    """Return the photos and files of a log."""
    return [Attachment(entry.file.kind, entry.file.telegram_file_id) for entry in log.files[:ALBUM_LIMIT]]


def _preview(view: View, log: Log, remarks: Remarks) -> Message:
    _ = view.texts
    text = join((_("log.preview_title", week=dates.log_name(_, log)), written(_, log, remarks)), "\n\n")
    rows: list[list[Button]] = []
    if log.is_open and log.lacks() is None:
        rows.append([button(_.plain("log.submit"), "log.submit", log.id, log.version)])
    if log.files:
        rows.append([button(_.plain("log.see_files"), "log.files", log.id)])
    return Message(text, [*rows, [button(_.plain("button.back"), "log.show", log.id)]])


async def files_card(view: View) -> Message | None:
    """Show the photos and files of a log."""
    log, _ = await logs.for_student(view.tx, view.subject, view.person.id), view.texts
    back = button(_.plain("button.back"), "log.show", log.id)
    return Message(_.plural("log.files", len(log.files)), [[back]], attachments(log))


async def _status(view: View, log: Log) -> Message:
    _, zone = view.texts, view.person.zone
    name = dates.log_name(_, log)
    read = button(_.plain("log.read"), "log.preview", log.id)
    home = button(_.plain("button.home"), "home")
    if log.state is LogState.SUBMITTED and log.submitted_at:
        late = _("log.late") if log.is_late else None
        its = await waiting.whereabouts(view.tx, view, log)
        who = its.mentor.name if its.mentor else _.plain("log.your_coordinator")
        at = dates.at(_, log.submitted_at, view.now, zone)
        asked, moods = await pulse.offer(view, log.placement, log.week)
        lines = await waiting.waiting_lines(view, log, its)
        stands = join((_("log.with_mentor", week=name, mentor=who, at=at), late, lines))
        withdraw = button(_.plain("log.withdraw"), "log.withdraw", log.id, log.version)
        nudge = waiting.nudge_button(view, log, its)
        return Message(join((stands, asked), "\n\n"), [nudge, *moods, [read], [withdraw], [home]])
    said, remarks = await verdict.latest(view, log)
    if log.is_open:
        change = button(
            _.plain(_NEXT[Section.ANSWER] if log.state is LogState.NEEDS_INFO else _CHANGE), "log.edit", log.id
        )
        title = _("log.title", week=name, due=_(STATES[log.state]))
        return Message(join((title, said, remarked(_, remarks)), "\n\n"), [[change], [read], [home]])
    return Message(join((_("log.approved", week=name), said, remarked(_, remarks)), "\n\n"), [[read], [home]])
