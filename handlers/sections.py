"""The sections of a log as people read them: standard ones by their names, a class's own questions by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_
from domain.logs import Section
from domain.words import shorten

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.texts import Texts
    from domain.logs import Lack, Log
    from domain.templates import Template

BUTTON = 28  # characters of a question on a button, so that two stand side by side
LINE = 48  # and in a line of the form

_NAMES = {
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


def name(_: Texts, template: Template, section: Section) -> str:
    """Return what a section is called: one of a class's own is called by its question."""
    return _.plain(_NAMES[section]) if section in _NAMES else template.questions[section].text


def label(_: Texts, template: Template, section: Section) -> str:
    """Return a name that fits on a button."""
    return shorten(name(_, template, section), BUTTON)


def ask(_: Texts, template: Template, section: Section) -> Markup:
    """Return the question for a section."""
    if section in _ASK:
        return _(_ASK[section])
    return _("log.ask.own", question=name(_, template, section))


def line(_: Texts, template: Template, section: Section, number: int, *, written: int, least: int) -> Markup:
    """Return the line of a section in the form: how much is written, and how much there must be."""
    called = shorten(name(_, template, section), LINE)
    if 0 < written < least:
        return _.plural("log.line_short", least, number=number, name=called, written=written)
    if written:
        return _.plural("log.line_written", written, number=number, name=called)
    if least > 1:
        return _.plural("log.line_least", least, number=number, name=called)
    return _(N_("log.line_empty") if least else N_("log.line_optional"), number=number, name=called)


def needed(_: Texts, log: Log, lack: Lack) -> str:
    """Say in a few words what must be there before a log can be handed in."""
    if lack.section is None:
        return _.plain_plural("log.need.photos", lack.more)
    called = label(_, log.template, lack.section)
    if lack.more == 1 and not log.sections.get(lack.section):
        return called
    return _.plain_plural("log.need.characters", lack.more, name=called)


def next_label(_: Texts, template: Template, section: Section) -> str:
    """Return the words of the button that leads on to a section."""
    if section in _NEXT:
        return _.plain(_NEXT[section])
    return _.plain("log.next.own", question=label(_, template, section))
