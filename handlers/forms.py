"""Forms: a few questions, one at a time, on one card that can be left, gone back in, corrected and finished.

What has been answered is kept in the draft at once, so neither a restart nor a week's pause asks for it again.
A room declares a `Form`; this module makes its card, its buttons and its answers.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain.words import key
from handlers.form import CHECK, Answers, Choice, Form, Step
from handlers.form_card import draw
from storage import drafts

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.people import Draft
    from storage.database import Transaction


__all__ = ["Answers", "Choice", "Form", "Step", "open_form", "register", "register_form", "resume_form"]


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
    routes.card(form.name, partial(draw, form))
    routes.form(form.name, partial(_take, form), role=form.role)
    for verb, run in (
        ("pick", _pick),
        ("skip", _skip),
        ("to", _go_to),
        ("done", _finish),
        ("cancel", _cancel),
        ("page", _page),
    ):
        routes.button(f"{form.name}.{verb}", partial(run, form), role=form.role, card=form.name)


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
    return await context.write(lambda tx: _keep(form, tx, context, draft, step.answered(draft.answers, exact[0].value)))


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
    return Show(form.name, press.id, args={"page": press.page})


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
        if press.rest in routes.form_roles and routes.admit:
            routes.admit(context.person, routes.form_roles[press.rest])
        return await context.write(lambda tx: resume_form(tx, context, press.rest, press.id))

    routes.button("form.resume", resume, open_to_all=True)
