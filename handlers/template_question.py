"""A question of a class's own: its words are typed, whether it must be answered is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain.logs import EXTRAS, Section
from domain.people import Role
from domain.templates import QUESTION_LIMIT, Asked, Question
from handlers import answers
from handlers.forms import Answers, Choice, Form, Step, open_form, register_form, resume_form
from handlers.template_cards import CARD, read
from handlers.templates import keep
from storage import drafts

if TYPE_CHECKING:
    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from storage.database import Transaction

NAME = "template_question"
SECTION, WAS = "section", "was"  # beside the answers: which question is changed, and what it was


def _take_words(_context: Context, message: telegram.Message, _known: Answers) -> str:
    return answers.line(message, limit=QUESTION_LIMIT, at_least=2)


async def _ways(_tx: Transaction, reader: Context | View, _known: Answers) -> list[Choice]:
    said = {Asked.REQUIRED: N_("template.required"), Asked.OPTIONAL: N_("template.optional")}
    return [Choice(how.value, reader._.plain(words)) for how, words in said.items()]


async def write(context: Context, press: Press) -> Show:
    """Ask for the words of a new question, or of one that is there; what was begun is gone on with."""

    async def work(tx: Transaction) -> Show:
        rules, its = await read(tx, context, press.id)
        begun = await drafts.get(tx, context.person.id, NAME, rules.id)
        if begun is not None and begun.answers.get(SECTION, "") == press.rest:
            return await resume_form(tx, context, NAME, rules.id)
        if not press.rest:
            if its.newest.template.free is None:
                raise Refused(N_("template.full"), limit=len(EXTRAS))
            return await open_form(tx, context, QUESTION, subject=rules.id)
        questions = {section.value: question for section, question in its.newest.template.questions.items()}
        if press.rest not in questions:
            raise Stale(Show(CARD, rules.id))
        its_own = questions[press.rest]
        how = Asked.REQUIRED if its_own.required else Asked.OPTIONAL
        known = {SECTION: press.rest, WAS: its_own.text, "how": how.value}
        return await open_form(tx, context, QUESTION, known, subject=rules.id)

    return await context.write(work)


async def _save(tx: Transaction, context: Context, said: Answers, class_id: int) -> Show:
    """Put the question into the newest version, whatever else a colleague changed in it meanwhile."""
    rules, its = await read(tx, context, class_id)
    template = its.newest.template
    section = Section(said[SECTION]) if said.get(SECTION) else template.free
    if section is None:
        raise Refused(N_("template.full"), limit=len(EXTRAS))
    there = template.questions.get(section)
    if (there.text if there else None) != said.get(WAS):
        raise Refused(N_("template.question_changed"))
    question = Question(said["words"], required=said["how"] == Asked.REQUIRED)
    return await keep(tx, context, rules, its, template.with_question(section, question))


async def _head(view: View) -> Markup:
    rules, _its = await read(view.tx, view, view.subject)
    return view._("template.question_head", name=rules.name)


QUESTION = Form(
    NAME,
    N_("template.question_title"),
    (
        Step("words", N_("template.ask_words"), N_("template.label_words"), _take_words),
        Step("how", N_("template.ask_how"), N_("template.label_how"), choices=_ways),
    ),
    _save,
    done=N_("template.save"),
    role=Role.COORDINATOR,
    after_cancel=lambda class_id: Show(CARD, class_id),
    head=_head,
)


def register(routes: Routes) -> None:
    """Let coordinators ask questions of their own."""
    register_form(routes, QUESTION)
    routes.button("template.write", write, role=Role.COORDINATOR, card=CARD)
