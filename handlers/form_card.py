"""The card of a form: what is answered, what is asked, and the ready answers to choose from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bot.send import Button, Message
from bot.texts import join
from domain.words import key
from handlers.buttons import button, pager
from handlers.form import CHECK, CHOICES, Answers, Form, Step
from storage import drafts

if TYPE_CHECKING:
    from bot.context import View
    from bot.texts import Texts
    from domain.people import Draft


async def draw(form: Form, view: View) -> Message | None:
    draft = await drafts.get(view.tx, view.person.id, form.name, view.subject)
    if draft is None:
        return None
    _ = view.texts
    labels = await _labels(form, view, draft.answers)
    lines: list[Markup] = []
    for step in form.steps:
        if step.name in draft.answers and step.name != draft.step:
            value = draft.answers[step.name]
            said = labels.get(step.name) or _said(_, step, value)
            lines.append(_("form.line", label=_(step.label), value=said))
    asked = form.step(draft.step)
    question = _(asked.ask) if asked else _("form.check")
    head = await form.head(view) if form.head else None
    text = join((join((_("form.title", title=_(form.title)), head)), join(lines) or None, question), "\n\n")
    buttons = await _buttons(form, view, draft, asked)
    return Message(text, buttons)


def _said(_: Texts, step: Step, value: Any) -> str:
    if value is None:
        return _.plain("form.left_out")
    return step.show(_, value) if step.show else str(value)


async def _labels(form: Form, view: View, answers: Answers) -> dict[str, str]:
    labels = {}
    for step in form.steps:
        if step.choices and answers.get(step.name) is not None and step.show is None:
            options = await step.choices(view.tx, view, answers)
            labels[step.name] = next((o.label for o in options if o.value == answers[step.name]), "")
    return labels


async def _buttons(form: Form, view: View, draft: Draft, asked: Step | None) -> list[list[Button]]:
    _, make = view.texts, partial(_make, form, draft)
    rows: list[list[Button]] = []
    if asked is None:
        rows.append([make(_.plain(form.done), "done")])
        changes = [make(_.plain("form.change", label=_.plain(step.label)), "to", step.name) for step in form.steps]
        rows += [changes[i : i + 2] for i in range(0, len(changes), 2)]
        return [*rows, [make(_.plain("button.cancel"), "cancel")]]
    if asked.choices:
        rows += await _choice_rows(form, view, draft, asked)
    if asked.name in draft.answers:
        rows.append([make(_.plain("form.keep"), "to", CHECK if len(draft.answers) >= len(form.steps) else "")])
    if asked.optional and draft.answers.get(asked.name, "") is not None:
        rows.append([make(_.plain("form.skip"), "skip")])
    position = form.steps.index(asked)
    last = [make(_.plain("button.back"), "to", form.steps[position - 1].name)] if position else []
    return [*rows, [*last, make(_.plain("button.cancel"), "cancel")]]


async def _choice_rows(form: Form, view: View, draft: Draft, asked: Step) -> list[list[Button]]:
    if asked.choices is None:
        return []
    options = await asked.choices(view.tx, view, draft.answers)
    wanted = str(view.args.get("filter", ""))
    if wanted:
        options = [option for option in options if key(wanted) in key(option.label)]
    pages = max(1, -(-len(options) // CHOICES))
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = options[page * CHOICES : (page + 1) * CHOICES]
    wide = any(len(option.label) > 14 for option in shown)
    buttons = [_make(form, draft, option.label, "pick", option.value) for option in shown]
    rows = [buttons[i : i + (1 if wide else 2)] for i in range(0, len(buttons), 1 if wide else 2)]
    return [*rows, pager(view.texts, f"{form.name}.page", page, pages, draft.subject, draft.version)]


def _make(form: Form, draft: Draft, text: str, verb: str, rest: str = "") -> Button:
    return button(text, f"{form.name}.{verb}", draft.subject, draft.version, rest)
