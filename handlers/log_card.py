"""The card of a weekly log as its student sees it: what is written, what is asked, and where the log is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.send import ALBUM_LIMIT, Attachment, Button, Message
from bot.texts import N_, join
from domain.logs import FILES_LIMIT, Log, LogState, Section
from domain.remarks import Remarks
from domain.words import shorten
from handlers import dates, hours_card, lateness, pulse, question_cards, sections, verdict, waiting
from handlers.attachments import MEGABYTES
from handlers.buttons import button
from handlers.hours_card import HOURS, is_asked
from handlers.remarks import listen, remark_on, voice
from storage import drafts, logs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.context import View
    from bot.texts import Texts
    from domain.logs import Lack
    from domain.people import Draft
    from domain.templates import Template

FORM = "log"
PHOTOS, READY = "photos", "ready"
ADD = "+"  # behind a section's name: what is sent is added to what is there
HEAR = "log.hear"  # the verb that plays what was said of it
FILLED = "filled"  # in the form's answers: what was put in from the week's moments, to be undone
_SECTIONS = {section.value: section for section in Section}

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
    lines = [
        join((_line(_, log, section, number, least), remark_on(_, remarks, section)))
        for number, (section, least) in enumerate(log.leasts.items(), 1)
    ]
    elsewhere = remarked(_, log.template, remarks, but=log.leasts)
    written, lacking = join([*lines, _extras(_, log), _photos_line(_, log)]), log.lacks()
    answered = await question_cards.at_log(view, log)
    below = (answered, _needed(_, log, step, lacking), _question(_, log, step, lacking))
    text = join((title, asked, elsewhere, written, *below), "\n\n")
    heard = listen(_, HEAR, log, remarks)
    return Message(text, [heard, *_moment_buttons(_, log, draft), *_form_buttons(_, log, step, lacking, view.now)])


def _line(_: Texts, log: Log, section: Section, number: int, least: int) -> Markup:
    written = len(log.sections.get(section, ""))
    return sections.line(_, log.template, section, number, written=written, least=least)


def _extras(_: Texts, log: Log) -> Markup | None:
    files = _.plural("log.files", len(log.files)) if log.files else None
    return join((hours_card.line(_, log), files), " · ") or None


def _photos_line(_: Texts, log: Log) -> Markup | None:
    """Say how many photos there are of those that the class asks for, as long as it takes photos."""
    return _.plural("log.photos_line", log.template.photos, photos=log.photos) if log.photos_lacking else None


def _needed(_: Texts, log: Log, step: str, lacking: Sequence[Lack]) -> Markup | None:
    """Say what must be there before the log can be handed in, unless nothing is yet, or all of it is being asked."""
    if not lacking or not (log.sections or log.files):
        return None
    if len(lacking) == 1 and lacking[0].section and lacking[0].section is section_of(step):
        return None
    return _("log.needed", what=" · ".join(sections.needed(_, log, lack) for lack in lacking))


def _question(_: Texts, log: Log, step: str, lacking: Sequence[Lack]) -> Markup:
    if is_asked(step):
        return hours_card.question(_, log, step)
    if step == PHOTOS:
        return _ask_files(_, log)
    section = section_of(step)
    if section is None or section not in log.leasts:
        if log.submitted_at:
            return _("log.ready_again")
        return _("log.saved") if lacking else _("log.ready")
    there = log.sections.get(section)
    if not there:
        return sections.ask(_, log.template, section)
    ask = N_("log.ask_more") if step.endswith(ADD) else N_("log.ask_instead")
    return join(
        (_("log.quote", text=shorten(there, 600)), _(ask, name=sections.name(_, log.template, section))), "\n\n"
    )


def _ask_files(_: Texts, log: Log) -> Markup:
    left = FILES_LIMIT - len(log.files)
    if not left:
        return _("log.ask.no_more_files", limit=FILES_LIMIT)
    ask = N_("log.ask.photos") if log.placement.rules.photos_allowed else N_("log.ask.files")
    return _.plural(ask, left, megabytes=MEGABYTES)


def _moment_buttons(_: Texts, log: Log, draft: Draft) -> list[list[Button]]:
    """Offer the draft that the moments of the week make, and to take it out again until something is edited."""
    rows = []
    if log.moments and Section.DONE in log.leasts:
        rows.append([button(_.plain_plural("moment.fill", log.moments), "moment.fill", log.id, log.version)])
    if draft.answers.get(FILLED, {}).get("version") == log.version:
        rows.append([button(_.plain("moment.undo"), "moment.undo", log.id, log.version)])
    return rows


def _form_buttons(_: Texts, log: Log, step: str, lacking: Sequence[Lack], now: datetime) -> list[list[Button]]:
    rows: list[list[Button]] = []
    section = section_of(step)
    if is_asked(step):
        rows += hours_card.buttons(_, log, step)
    if step == PHOTOS and log.files:
        rows.append([button(_.plain("log.drop_last"), "log.drop", log.id, log.version)])
    if section and log.sections.get(section) and not step.endswith(ADD):
        rows.append([button(_.plain("log.add_instead"), "log.ask", log.id, rest=section.value + ADD)])
    following = next_step(log, step)
    if following != READY:
        rows.append([button(_next_name(_, log, following), "log.ask", log.id, rest=following)])
    if log.sections.get(Section.PROBLEMS) and log.state is not LogState.NEEDS_INFO:
        rows.append([question_cards.ask_button(_, "question.log", log.id)])
    rows += _submit_buttons(_, log, lacking, {step.removesuffix(ADD), following})
    rows.append([lateness.door(_, log)] if log.comes_late(now) and not lacking else [])
    if log.state is not LogState.NEEDS_INFO:
        tools = [(HOURS, N_("log.hours_button")), (PHOTOS, N_("log.photos_button"))]
        rows.append([button(_.plain(words), "log.ask", log.id, rest=name) for name, words in tools if name != step])
        if log.sections:
            rows[-1].append(button(_.plain("log.change"), "log.sections", log.id))
    return [*rows, [button(_.plain("log.weeks"), "log.weeks"), button(_.plain("button.home"), "home")]]


def _submit_buttons(_: Texts, log: Log, lacking: Sequence[Lack], named: Collection[str]) -> list[list[Button]]:
    """Let the log be handed in, or say what comes first and lead there, unless that step is `named` already."""
    if not lacking:
        submit = button(_.plain("log.submit"), "log.submit", log.id, log.version)
        return [[submit], [button(_.plain("log.preview"), "log.preview", log.id)]]
    first = lacking[0].section
    there = PHOTOS if first is None else first.value
    if there in named or not (log.sections or log.files):
        return []
    to = f"{there}{ADD}" if first and log.sections.get(first) else there
    return [[button(_.plain("log.first", what=sections.needed(_, log, lacking[0])), "log.ask", log.id, rest=to)]]


def _next_name(_: Texts, log: Log, step: str) -> str:
    if step in {HOURS, PHOTOS}:
        return _.plain(N_("log.next.hours") if step == HOURS else N_("log.next.photos"))
    return sections.next_label(_, log.template, Section(step))


def section_of(step: str) -> Section | None:
    """Return the section that a step asks for; None for hours, photos and the end."""
    return _SECTIONS.get(step.removesuffix(ADD))


def next_step(log: Log, step: str) -> str:
    """Return what is asked after a step: the next empty section, the hours, photos that must be, then nothing more."""
    order = log.open_sections
    section = section_of(step)
    behind = order[order.index(section) + 1 :] if section in order else ()
    if step == READY or log.state is LogState.NEEDS_INFO:
        return READY
    for following in behind or (order if step == PHOTOS else ()):
        if not log.sections.get(following):
            return following.value
    if log.hours is None and not is_asked(step):
        return HOURS
    return PHOTOS if log.photos_lacking and step != PHOTOS else READY


async def sections_card(view: View) -> Message | None:
    """Ask which section is to be changed."""
    log, _ = await logs.for_student(view.tx, view.subject, view.person.id), view.texts
    if not log.is_open:
        return await _status(view, log)
    rows = [
        [button(sections.label(_, log.template, section), "log.ask", log.id, rest=section.value)]
        for section in log.open_sections
    ]
    back = button(_.plain("button.back"), "log.edit", log.id)
    return Message(_("log.which_section", week=dates.log_name(_, log)), [*rows, [back]])


# --- as it is read ----------------------------------------------------------------------------------------------


def written(_: Texts, log: Log, remarks: Remarks | None = None) -> Markup:
    """Return the whole log as its readers see it, with the remarks at their sections."""
    its = remarks or Remarks()
    texts = [(section, text) for section, text in log.sections.items() if text]
    parts = [join((_section(_, log, section, text), remark_on(_, its, section))) for section, text in texts]
    return join((*parts, _extras(_, log)), "\n\n")


def _section(_: Texts, log: Log, section: Section, text: str) -> Markup:
    return _("log.section_text", name=sections.name(_, log.template, section), text=text)


def remarked(_: Texts, template: Template, remarks: Remarks, but: Collection[Section] = ()) -> Markup | None:
    """Return the remarks on sections, each with the name of its own, where the sections themselves are not shown."""
    lines: list[Markup | None] = []
    for section in (section for section in Section if section not in but):
        if section not in remarks.sections and section not in remarks.voices:
            continue
        name = sections.name(_, template, section)
        if words := remarks.sections.get(section):
            lines.append(_("remark.section", name=name, words=words))
        lines.append(voice(_, remarks, section, name))
    return join(lines) or None


def attachments(log: Log) -> list[Attachment]:
    """Return the photos and files of a log."""
    return [Attachment(entry.file.kind, entry.file.telegram_file_id) for entry in log.files[:ALBUM_LIMIT]]


def _preview(view: View, log: Log, remarks: Remarks) -> Message:
    _ = view.texts
    text = join((_("log.preview_title", week=dates.log_name(_, log)), written(_, log, remarks)), "\n\n")
    rows: list[list[Button]] = []
    if log.is_open and not log.lacks():
        rows.append([button(_.plain("log.submit"), "log.submit", log.id, log.version)])
    if log.files:
        rows.append([button(_.plain("log.see_files"), "log.files", log.id)])
    rows.append(listen(_, HEAR, log, remarks))
    return Message(text, [*rows, [button(_.plain("button.back"), "log.show", log.id)]])


async def files_card(view: View) -> Message | None:
    """Show the photos and files of a log."""
    log, _ = await logs.for_student(view.tx, view.subject, view.person.id), view.texts
    back = button(_.plain("button.back"), "log.show", log.id)
    return Message(_.plural("log.files", len(log.files)), [[back]], attachments(log))


async def _status(view: View, log: Log) -> Message:
    _ = view.texts
    name = dates.log_name(_, log)
    read = button(_.plain("log.read"), "log.preview", log.id)
    home = button(_.plain("button.home"), "home")
    receipt = _("log.receipt", number=log.receipt)
    if log.state is LogState.SUBMITTED and log.submitted_at:
        its = await waiting.whereabouts(view.tx, view, log)
        asked, moods = await pulse.offer(view, log.placement, log.week)
        lines = await waiting.waiting_lines(view, log, its)
        said, remarks = await verdict.latest(view, log)
        stands = join((waiting.stands(view, log, its), lateness.marked(_, log), lines, receipt))
        withdraw = [] if its.passed else [button(_.plain("log.withdraw"), "log.withdraw", log.id, log.version)]
        nudge = waiting.nudge_button(view, log, its)
        answered = await question_cards.at_log(view, log)
        return Message(
            join((stands, said, remarked(_, log.template, remarks), answered, asked), "\n\n"),
            [nudge, *lateness.beside_receipt(_, log), *moods, [read], withdraw, [home]],
        )
    said, remarks = await verdict.latest(view, log)
    text, heard = join((said, remarked(_, log.template, remarks)), "\n\n") or None, listen(_, HEAR, log, remarks)
    if log.is_open:
        change = N_("log.next.answer") if log.state is LogState.NEEDS_INFO else N_("log.write_on")
        title = _("log.title", week=name, due=_(STATES[log.state]))
        rows = [[button(_.plain(change), "log.edit", log.id)], heard, [read], [home]]
        return Message(join((title, text), "\n\n"), rows)
    stands = join((_("log.approved", week=name), receipt))
    return Message(join((stands, text, await question_cards.at_log(view, log)), "\n\n"), [heard, [read], [home]])
