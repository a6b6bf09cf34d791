"""Forms: a few questions, one at a time, on one card that can be left, gone back in, corrected and finished.

What has been answered is kept in the draft at once, so neither a restart nor a week's pause asks for it again.
A room declares a `Form`; this module makes its card, its buttons and its answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup

from bot.context import Refused, Stale
from bot.send import Button, Message, Show
from bot.texts import N_, join
from domain.words import key
from handlers.buttons import button, pager
from storage import drafts

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.people import Draft, Role
    from storage.database import Transaction

CHECK = "check"  # the step at which everything is answered
CHOICES = 6  # on one page
IDS = 40  # bytes that a choice may take in a button

Answers: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """A ready answer: the value that is kept (a short ascii word), and what the button says."""

    value: str
    label: str


Choices: TypeAlias = Callable[["Transaction", "Context | View", Answers], Awaitable[list[Choice]]]


@dataclass(frozen=True, slots=True)
class Step:
    """A question. `take` reads a typed answer; without it only `choices` count, which typing filters."""

    name: str
    ask: str  # the id of the question
    label: str  # the id of the answer's name in the summary
    take: Callable[[Context, telegram.Message, Answers], Any] | None = None
    choices: Choices | None = None
    optional: bool = False
    show: Callable[[Texts, Any], str] | None = None  # how the kept answer reads; for choices, their label
    forgets: tuple[str, ...] = ()  # the steps that depend on this one and are asked again when it changes

    def answered(self, answers: Answers, value: Any) -> Answers:
        """Return the answers with this one."""
        changed = answers.get(self.name, value) != value
        kept = {name: said for name, said in answers.items() if not (changed and name in self.forgets)}
        return {**kept, self.name: value}


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `finish` makes the effect and says what is shown next. `name` is also that of its card.

    `head` says in a line what the form is about, where its subject is a record.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    finish: Callable[[Transaction, Context, Answers, int], Awaitable[Show]]
    done: str = N_("form.done")
    role: Role | None = None
    after_cancel: Callable[[int], Show] = field(default=lambda _subject: Show("home"))
    head: Callable[[View], Awaitable[Markup]] | None = None

    def step(self, name: str) -> Step | None:
        """Return the step of this name."""
        return next((step for step in self.steps if step.name == name), None)

    def next_step(self, answers: Answers) -> str:
        """Return the first step that is not answered, or CHECK."""
        return next((step.name for step in self.steps if step.name not in answers), CHECK)


async def open_form(
    tx: Transaction, context: Context, form: Form, answers: Answers | None = None, subject: int = 0
) -> Show:
    """Start a form anew, with what is already known, and show its first open question."""
    known = dict(answers or {})
    await drafts.activate(
        tx,
        context.person.id,
        form.name,
        subject=subject,
        step=form.next_step(known),
        answers=known,
        now=context.now,
    )
    return Show(form.name, subject)


async def resume_form(tx: Transaction, context: Context, name: str, subject: int = 0) -> Show:
    """Make a waiting form the active one; raises `Stale` where it is gone."""
    draft = await drafts.get(tx, context.person.id, name, subject)
    if draft is None:
        raise Stale(Show("home"))
    await drafts.activate(tx, context.person.id, name, subject=subject, step=draft.step, now=context.now)
    return Show(name, subject)


def register_form(routes: Routes, form: Form) -> None:
    """Let a form's card, its typed answers and its buttons be answered."""
    routes.card(form.name, partial(_card, form))
    routes.form(form.name, partial(_take, form))
    for verb, run in (
        ("pick", _pick),
        ("skip", _skip),
        ("to", _go_to),
        ("done", _finish),
        ("cancel", _cancel),
    ):
        routes.button(
            f"{form.name}.{verb}",
            partial(run, form),
            role=form.role,
            card=form.name,
            open_to_all=not form.role,
        )
    routes.button(f"{form.name}.page", partial(_page, form), role=form.role, card=form.name, open_to_all=not form.role)


# --- the card ---------------------------------------------------------------------------------------------------


async def _card(form: Form, view: View) -> Message | None:
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


# --- the answers ------------------------------------------------------------------------------------------------


async def _current(form: Form, tx: Transaction, context: Context, press: Press) -> Draft:
    draft = await drafts.get(tx, context.person.id, form.name, press.id)
    if draft is None:
        raise Stale(Show("home"))
    if draft.version != press.version:
        raise Stale(Show(form.name, press.id))
    return draft


async def _keep(form: Form, tx: Transaction, context: Context, draft: Draft, answers: Answers) -> Show:
    await drafts.activate(
        tx,
        context.person.id,
        form.name,
        subject=draft.subject,
        step=form.next_step(answers),
        answers=answers,
        now=context.now,
    )
    return Show(form.name, draft.subject)


async def _take(form: Form, context: Context, draft: Draft, message: telegram.Message) -> Show:
    step = form.step(draft.step)
    if step is None:
        raise Refused(N_("form.press_to_finish"))
    if step.take is None:
        return await _take_label(form, context, draft, step, message)
    value = step.take(context, message, draft.answers)
    context.receipt = True
    return await context.write(lambda tx: _keep(form, tx, context, draft, step.answered(draft.answers, value)))


async def _take_label(form: Form, context: Context, draft: Draft, step: Step, message: telegram.Message) -> Show:
    if step.choices is None:
        raise RuntimeError(f"the step {step.name} of {form.name} can be answered in no way")
    choices = step.choices
    wanted = key(message.text or "")
    options = await context.read(lambda tx: choices(tx, context, draft.answers))
    fitting = [option for option in options if wanted and wanted in key(option.label)]
    exact = [option for option in fitting if wanted == key(option.label)] or fitting
    if not exact:
        raise Refused(N_("form.choose"))
    if len(exact) > 1:
        return Show(form.name, draft.subject, args={"filter": (message.text or "")[:60]})
    context.receipt = True
    return await context.write(
        lambda tx: _keep(form, tx, context, draft, step.answered(draft.answers, exact[0].value))
    )


async def _pick(form: Form, context: Context, press: Press) -> Show:
    async def work(tx: Transaction) -> Show:
        draft = await _current(form, tx, context, press)
        step = form.step(draft.step)
        options = await step.choices(tx, context, draft.answers) if step and step.choices else []
        if step is None or press.rest not in {option.value for option in options}:
            raise Stale(Show(form.name, press.id))
        return await _keep(form, tx, context, draft, step.answered(draft.answers, press.rest))

    return await context.write(work)


async def _skip(form: Form, context: Context, press: Press) -> Show:
    async def work(tx: Transaction) -> Show:
        draft = await _current(form, tx, context, press)
        step = form.step(draft.step)
        if step is None or not step.optional:
            raise Stale(Show(form.name, press.id))
        return await _keep(form, tx, context, draft, step.answered(draft.answers, None))

    return await context.write(work)


async def _go_to(form: Form, context: Context, press: Press) -> Show:
    async def work(tx: Transaction) -> Show:
        draft = await _current(form, tx, context, press)
        step = press.rest if form.step(press.rest) else form.next_step(draft.answers)
        await drafts.activate(tx, context.person.id, form.name, subject=press.id, step=step, now=context.now)
        return Show(form.name, press.id)

    return await context.write(work)


async def _page(form: Form, context: Context, press: Press) -> Show:
    await context.read(lambda tx: _current(form, tx, context, press))
    return Show(form.name, press.id, args={"page": int(press.rest or 0) if press.rest.isdigit() else 0})


async def _finish(form: Form, context: Context, press: Press) -> Show:
    async def work(tx: Transaction) -> Show:
        draft = await _current(form, tx, context, press)
        if form.next_step(draft.answers) != CHECK:
            raise Stale(Show(form.name, press.id))
        await drafts.close(tx, context.person.id, form.name, press.id)
        return await form.finish(tx, context, draft.answers, press.id)

    return await context.write(work)


async def _cancel(form: Form, context: Context, press: Press) -> Show:
    async def work(tx: Transaction) -> Show:
        await _current(form, tx, context, press)
        await drafts.close(tx, context.person.id, form.name, press.id)
        return form.after_cancel(press.id)

    return await context.write(work)


def register(routes: Routes) -> None:
    """Continue a form that waits."""

    async def resume(context: Context, press: Press) -> Show:
        return await context.write(lambda tx: resume_form(tx, context, press.rest, press.id))

    routes.button("form.resume", resume, open_to_all=True)
