"""What a coordinator does with a student's account: suspend, let in again, free the number, remove, and take it back.

Each act that takes something away is asked for once more, can be undone from the same card, and is told to the
student kindly.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.weeks import local_day
from handlers.buttons import button, home
from handlers.handover import refresh_reviews
from storage import drafts, outbox, people, placements, roster
from storage.errors import AlreadyExists

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.students import Student
    from storage.database import Transaction


async def _suspend(tx: Transaction, context: Context, student: Student) -> None:
    await roster.suspend(tx, student, now=context.now)


async def _readmit(tx: Transaction, _context: Context, student: Student) -> None:
    await roster.readmit(tx, student)


async def _free(tx: Transaction, _context: Context, student: Student) -> None:
    await roster.free_number(tx, student)


async def _keep(tx: Transaction, _context: Context, student: Student) -> None:
    await roster.keep_account(tx, student)


async def _remove(tx: Transaction, context: Context, student: Student) -> None:
    await roster.remove(tx, student, now=context.now)


async def _take_back(tx: Transaction, _context: Context, student: Student) -> None:
    await roster.take_back(tx, student)


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a student: what it changes, how it is recorded, what the coordinator and the student read."""

    run: Callable[[Transaction, Context, Student], Awaitable[None]]
    name: str
    toast: str
    news: str


ACTS = {
    "suspend": Act(_suspend, "student_suspended", N_("student.done_suspend"), N_("student.news_suspend")),
    "readmit": Act(_readmit, "student_readmitted", N_("student.done_readmit"), N_("student.news_readmit")),
    "free": Act(_free, "student_number_freed", N_("student.done_free"), N_("student.news_free")),
    "keep": Act(_keep, "student_account_kept", N_("student.done_keep"), N_("student.news_readmit")),
    "remove": Act(_remove, "student_removed", N_("student.done_remove"), N_("student.news_remove")),
    "back": Act(_take_back, "student_taken_back", N_("student.done_back"), N_("student.news_readmit")),
}
# The question before an act, and the button that means it.
CONFIRM = {
    "suspend": (N_("student.sure_suspend"), N_("student.yes_suspend")),
    "free": (N_("student.sure_free"), N_("student.yes_free")),
    "remove": (N_("student.sure_remove"), N_("student.yes_remove")),
}


async def change_account(context: Context, press: Press) -> Show:
    """Make an act on a student's account, and tell whoever has or had the account."""
    act = ACTS.get(press.rest)
    if act is None:
        raise Stale(Show("student", press.id))

    async def work(tx: Transaction) -> Show:
        today = local_day(context.now, context.person.zone)
        student = await roster.for_coordinator(tx, press.id, context.person.id, today=today)
        try:
            await act.run(tx, context, student)
        except AlreadyExists:
            raise Refused(N_("student.account_elsewhere"), name=student.name) from None
        await people.record_act(
            tx,
            actor_id=context.person.id,
            act=act.name,
            subject_kind="student",
            subject_id=student.id,
            now=context.now,
        )
        if press.rest in {"remove", "back"}:  # their mentors read no more, or again
            for placement in await placements.of_student(tx, student.id):
                await refresh_reviews(tx, placement.mentor_id or 0, placement.id, now=context.now)
        if told := student.person_id or student.former_person_id:
            if press.rest in CONFIRM:  # what they were being asked can no longer be answered
                await drafts.pause(tx, told)
            await outbox.add(tx, told, "student_news", student.id, args={"act": press.rest}, now=context.now)
            await outbox.add(tx, told, "menu", now=context.now)
        return Show("student", student.id, toast=act.toast)

    return await context.write(work)


def confirmation(_: Texts, student: Student, sure: str) -> Message:
    """Ask whether an act is meant."""
    question, yes = CONFIRM[sure]
    stays = None
    if sure == "remove" and student.ends_on is not None:
        stays = _("student.placement_stays", enterprise=student.enterprise, day=_.full_day(student.ends_on))
    text = join((_(question, name=student.name, number=student.number, class_name=student.class_name), stays), "\n\n")
    meant = button(_.plain(yes), "student.do", student.id, rest=sure)
    return Message(text, ((meant,), (button(_.plain("button.back"), "student", student.id),)))


async def news_card(view: View) -> Message | None:
    """Tell a student what became of their access, while it is so."""
    line = await roster.of_account(view.tx, view.subject, view.person.id)
    act, is_theirs = str(view.args["act"]), line["person_id"] == view.person.id
    out, removed = line["suspended_at"] is not None, line["removed_at"] is not None
    holds = {
        "suspend": is_theirs and out,
        "readmit": is_theirs and not out,
        "free": not is_theirs and not removed,
        "keep": is_theirs and not out,
        "remove": not is_theirs and removed,
        "back": is_theirs and not out,
    }
    if not holds[act]:
        return None
    _ = view.texts
    class_name = str(view.args.get("class", line["class_name"]))  # of then: the line may be in another one by now
    text = _(ACTS[act].news, name=line["name"], number=line["number"], class_name=class_name)
    return Message(text, ((home(_),),))


def register(routes: Routes) -> None:
    """Let coordinators act on their students' accounts."""
    routes.button("student.do", change_account, role=Role.COORDINATOR, card="student")
    routes.card("student_news", news_card)
