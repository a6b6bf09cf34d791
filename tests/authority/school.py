"""Two schools with everything in them that a button can name, so that anybody's data can be reached for by its id.

Riverside: Wang covers class C1, Zhou class C2. At enterprise E1 Li mentors Ann, Mei mentors Ben and Ivy mentors Eve,
at E2 Xu mentors Cai. Lakeside: Kim and Ivy cover class C3, and at E3 Park mentors Dan. Ivy so has two roles at two
schools. Sol, Mok and Cho are a student, a mentor and a coordinator at Riverside who are suspended; Noor has joined C1
and not agreed to the notice; Olga has only opened the bot. Every text and name about somebody holds a
mark of theirs, behind a tag that Telegram would take for underlining or refuse, were it not escaped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.announcements import Audience
from domain.invitations import InvitationKind
from domain.logs import Section
from domain.moments import MomentState
from domain.posts import ApplicationState, PostDetails
from domain.pulse import Cause
from domain.reviews import Decision
from domain.templates import USUAL, Question
from storage import (
    announcements,
    applications,
    drafts,
    hand_overs,
    logs,
    moments,
    people,
    phrases,
    placements,
    posts,
    pulse,
    questions,
    removals,
    reviews,
    schools,
    sos,
    students,
)
from tests.authority.records import Rows, read_all
from tests.links import add_class, add_coordinator, make_link
from tests.people import Member, SchoolOf, add_mentor, make_school, member
from tests.templates import set_template

CHINESE = {"mei", "ivy", "mok", "ben", "sol", "olga"}
FIRST, LAST_WEEK, THIS_WEEK = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)
NEXT_WEEK = date(2026, 11, 23)


@dataclass(frozen=True)
class Thing:
    """A record that a button can name: its id, its version, and what else its buttons carry."""

    id: int
    version: int = 1
    rest: str = ""


@dataclass
class Affairs:
    """All that there is about one student: by the words that the rules use."""

    student: str
    mentor: str
    coordinator: str
    things: dict[str, Thing] = field(default_factory=dict)


@dataclass
class Place:
    """The whole of it."""

    world: Any
    people: dict[str, Member] = field(default_factory=dict)
    affairs: dict[str, Affairs] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)  # a message of the bot's in each one's chat
    newest_invitation: dict[str, int] = field(default_factory=dict)


async def build(world: Any) -> Place:
    """Make both schools."""
    place = Place(world)
    who = place.people
    river = await make_school(
        world,
        "Riverside <u>qR1",
        class_name="Nursing <u>qC1",
        enterprise="Hospital <u>qE1",
        coordinator="Wang <u>qWang",
        mentor="Li <u>qLi",
    )
    who |= {"wang": river.coordinator, "li": river.mentor}
    who["mei"] = await river.add_mentor("Mei <u>qMei", "zh-hans")
    who["ivy"] = await river.add_mentor("Ivy <u>qIvy", "zh-hans")
    who["mok"] = await river.add_mentor("Mok <u>qMok", "zh-hans")
    who["zhou"] = await add_coordinator(world, river, "Zhou <u>qZhou", covers=False)
    who["cho"] = await add_coordinator(world, river, "Cho <u>qCho")
    second = await _second_class(world, river, who)
    lake = await make_school(
        world,
        "Lakeside <u>qR2",
        class_name="Nursing <u>qC3",
        enterprise="Clinic <u>qE3",
        coordinator="Kim <u>qKim",
        mentor="Park <u>qPark",
    )
    who |= {"kim": lake.coordinator, "park": lake.mentor}
    await _join_lakeside(world, lake, who["ivy"])
    for school, mark in ((river, "qC1"), (second, "qC2"), (lake, "qC3")):
        await _ask(world, school, mark)
    for name, school, mentor, coordinator in (
        ("ann", river, "li", "wang"),
        ("ben", river, "mei", "wang"),
        ("cai", second, "xu", "zhou"),
        ("dan", lake, "park", "kim"),
        ("eve", river, "ivy", "wang"),
        ("sol", river, "mok", "cho"),
        ("noor", river, "li", "wang"),
    ):
        language = "zh-hans" if name in CHINESE else "en"
        who[name] = await school.add_student(f"{name.title()} <u>q{name.title()}", f"N-q{name.title()}", language)
        place.affairs[name] = await _affairs(world, school, who, Affairs(name, mentor, coordinator))
    who["olga"] = Member(await world.phone("Olga", "zh-hans"), None)
    await who["olga"].sends("/start")
    await _bar(world, river, who)
    for name, somebody in who.items():
        known = await world.database.read(lambda tx, its=somebody.phone.id: people.by_telegram_id(tx, its))
        place.ids[name] = known.id
        place.messages[name] = (await somebody.card())["message_id"]
    made = await world.database.read(
        lambda tx: tx.all("SELECT created_by, max(id) AS newest FROM invitations GROUP BY created_by")
    )
    newest = {row["created_by"]: row["newest"] for row in made}
    place.rows = await read_all(world.database)
    place.newest_invitation = {name: newest.get(id_, 0) for name, id_ in place.ids.items()}
    return place


async def _second_class(world: Any, river: SchoolOf, who: dict[str, Member]) -> SchoolOf:
    """Riverside's other class and enterprise, as if they were a school of their own."""
    class_id = await add_class(world, river, "Welding <u>qC2", who["zhou"].id)

    async def work(tx):
        enterprise = await schools.enterprise_named(tx, "Works <u>qE2", now=world.clock())
        await schools.link_enterprise(tx, river.id, enterprise.id)
        return enterprise.id

    enterprise_id = await world.database.transaction(work)
    who["xu"] = await add_mentor(world, river.id, enterprise_id, "Xu <u>qXu")
    return SchoolOf(world, river.id, class_id, enterprise_id, who["zhou"], who["xu"])


async def _ask(world: Any, school: SchoolOf, mark: str) -> None:
    """Let a class ask a question of its own from the next week on."""
    asked = USUAL.with_question(Section.EXTRA1, Question(f"Rule of <u>{mark}?", required=True))
    await set_template(world, school, asked, valid_from=THIS_WEEK + timedelta(days=7))


async def _join_lakeside(world: Any, lake: SchoolOf, ivy: Member) -> None:
    async def work(tx):
        await schools.add_coordinator(tx, lake.id, ivy.id)
        await schools.cover_class(tx, lake.class_id, ivy.id)

    await world.database.transaction(work)


async def _bar(world: Any, river: SchoolOf, who: dict[str, Member]) -> None:
    """Suspend Sol, Mok and Cho, and let Noor not have agreed."""

    async def work(tx):
        for sql, name in (
            ("UPDATE students SET suspended_at = :now WHERE person_id = :id", "sol"),
            ("UPDATE mentors SET suspended_at = :now WHERE person_id = :id", "mok"),
            ("UPDATE coordinators SET suspended_at = :now WHERE person_id = :id", "cho"),
        ):
            await tx.run(sql, now=world.clock(), id=who[name].id)
        await tx.run("UPDATE people SET agreed_version = 0 WHERE id = :id", id=who["noor"].id)
        await tx.run("UPDATE drafts SET active = FALSE WHERE active")

    await world.database.transaction(work)


# --- what there is about one student -------------------------------------------------------------------------------


async def _affairs(world: Any, school: SchoolOf, who: dict[str, Member], its: Affairs) -> Affairs:
    student, mentor, coordinator = who[its.student], who[its.mentor], who[its.coordinator]
    mark = f"q{its.student.title()}"
    placement_id = await school.place(student, mentor, starts_on=FIRST, ends_on=FIRST + timedelta(days=83))
    await student.sends("/log")
    await student.sends_photo(caption=f"Photo of <u>{mark}")  # into this week's log
    colleague = who["kim" if its.student == "dan" else "zhou"]
    link = await make_link(world, InvitationKind.CLASS, school, uses=200, class_id=school.class_id)
    newcomer = await member(world, f"Asks <u>{mark}-asks")

    async def work(tx):
        things = its.things
        things |= {
            "placement": Thing(placement_id, 1, THIS_WEEK.isoformat()),
            "line": Thing(student.student_id),
            "class": Thing(school.class_id),
            "enterprise": Thing(school.enterprise_id),
            "school": Thing(school.id),
            "mentor": Thing(mentor.id, rest=str(school.enterprise_id)),
            "colleague": Thing(colleague.id, rest=str(school.id)),
            "invitation": Thing(link.id),
        }
        things |= await _logs(tx, world, student, mentor, placement_id, mark)
        things |= await _posts(tx, world, student, mentor, school, mark)
        things |= await _letters(tx, world, its, who, school, mark)
        things["sos"] = Thing(await sos.call(tx, student.student_id, student.id, now=world.clock()))
        await sos.add_words(tx, things["sos"].id, student.id, f"Help for <u>{mark}", now=world.clock())
        its_placement = await placements.by_id(tx, placement_id)
        await pulse.say(tx, its_placement, FIRST, 2, now=world.clock())
        await pulse.write(tx, placement_id, FIRST, f"Hard for <u>{mark}")
        asked = await questions.ask(tx, placement_id, THIS_WEEK, f"Question of <u>{mark}", now=world.clock())
        things["question"] = Thing(asked)
        things["flag"] = Thing(await pulse.raise_flag(tx, its_placement, Cause.ASKED, now=world.clock()) or 0)
        later = world.clock() + timedelta(days=8)
        things["removal"] = Thing(
            await removals.ask(tx, student.id, due_at=later, eve=later - timedelta(days=1), now=world.clock())
        )
        handed_over = await hand_overs.begin(
            tx, mentor.id, None, last_day=THIS_WEEK, ends_at=world.clock(), now=world.clock()
        )
        await hand_overs.end(tx, handed_over, now=world.clock())
        things["hand_over"] = Thing(handed_over.id)
        things["phrase"] = Thing((await phrases.add(tx, mentor.id, f"<u>{mark}-phrase", now=world.clock())).id)
        things["request"] = Thing(
            await students.ask_to_join(
                tx,
                class_id=school.class_id,
                person_id=newcomer.id,
                number=f"A-{mark}",
                name=f"Asks <u>{mark}-asks",
                now=world.clock(),
            )
        )
        await placements.excuse(
            tx, placement_id, FIRST, reason=f"ill <u>{mark}", created_by=coordinator.id, now=world.clock()
        )
        await _forms(tx, world, its, who)

    await world.database.transaction(work)
    return its


async def _logs(tx, world, student, mentor, placement_id: int, mark: str) -> dict[str, Thing]:
    """A log that waits, one that is the school's, one being written (with a photo), one approved, and two moments."""
    now, placement = world.clock(), await placements.by_id(tx, placement_id)

    async def handed_in(week: date):
        log = await logs.begin(tx, placement, week, now=now)
        await logs.write(tx, log, Section.DONE, f"Done by <u>{mark} in a week that was long enough")
        await logs.submit(tx, await logs.for_student(tx, log.id, student.id), now=now)
        return await logs.for_student(tx, log.id, student.id)

    approved, waiting = await handed_in(FIRST), await handed_in(LAST_WEEK)
    await reviews.decide(tx, approved, mentor.id, Decision.APPROVED, f"Good <u>{mark}", now=now)
    approved = await logs.for_student(tx, approved.id, student.id)
    passed = await handed_in(NEXT_WEEK)
    await reviews.decide(tx, passed, mentor.id, Decision.PASSED, f"Passed <u>{mark}", now=now)
    passed = await logs.for_student(tx, passed.id, student.id)
    draft = await logs.begin(tx, placement, THIS_WEEK, now=now)
    await logs.write(tx, draft, Section.DONE, f"Doing of <u>{mark} in a week that is long enough")
    draft = await logs.for_student(tx, draft.id, student.id)
    moment = await moments.offer(tx, placement_id=placement_id, week=THIS_WEEK, text=f"Moment of <u>{mark}", now=now)
    saved = await moments.offer(
        tx,
        placement_id=placement_id,
        week=THIS_WEEK,
        text=f"Saved by <u>{mark}",
        state=MomentState.SAVED,
        now=now,
    )
    return {
        "log": Thing(waiting.id, waiting.version),
        "passed": Thing(passed.id, passed.version),
        "draft": Thing(draft.id, draft.version),
        "approved": Thing(approved.id, approved.version),
        "moment": Thing(moment),
        "saved": Thing(saved),
    }


async def _posts(tx, world, student, mentor, school, mark: str) -> dict[str, Thing]:
    """A post of the mentor's with an application that waits, another with one that was accepted, and one without."""
    things, now = {}, world.clock()
    for name, state in (("application", None), ("accepted", ApplicationState.ACCEPTED), ("vacancy", None)):
        post_id = await posts.publish(
            tx,
            school.enterprise_id,
            PostDetails(f"<u>{mark}-post {name}"),
            mentor_id=mentor.id,
            created_by=mentor.id,
            now=now,
        )
        things["post" if name == "application" else f"{name}_post"] = Thing(post_id)
        if name == "vacancy":
            continue
        sent = await applications.send(
            tx, post_id=post_id, student_id=student.student_id, words=f"Words of <u>{mark}", now=now
        )
        if state:
            await applications.move(tx, sent, state, by=mentor.id, now=now)
        things[name] = Thing(sent)
    return things


async def _letters(tx, world, its: Affairs, who, school, mark: str) -> dict[str, Thing]:
    """An announcement that the student and the mentor got, and one that is being written."""
    now, author, things = world.clock(), who[its.coordinator], {}
    for name in ("letter", "letter_draft"):
        id_ = await announcements.begin(
            tx, author_id=author.id, school_id=school.id, audience=Audience(classes=(school.class_id,)), now=now
        )
        read = await announcements.of_author(tx, id_, author.id)
        await announcements.write(tx, read, f"Letter about <u>{mark}")
        read = await announcements.of_author(tx, id_, author.id)
        if name == "letter":
            await announcements.send(tx, read, [who[its.student].id, who[its.mentor].id], now=now)
        things[name] = Thing(id_, read.version)
    return things


# The forms, who fills them in, what they are about, the step they are at, and what they know by then.
FORMS: dict[str, tuple[str, str, str, str]] = {
    "new_class": ("coordinator", "school", "name", ""),
    "edit_class": ("coordinator", "class", "name", "class"),
    "new_enterprise": ("coordinator", "school", "name", ""),
    "school_number": ("coordinator", "school", "number", ""),
    "place": ("coordinator", "line", "enterprise", "student"),
    "placement_end": ("coordinator", "placement", "last", "placement"),
    "excuse": ("coordinator", "placement", "week", "placement"),
    "template_question": ("coordinator", "class", "words", ""),
    "post_new": ("mentor", "post", "title", ""),
    "post_offer": ("coordinator", "post", "title", ""),
    "post_edit": ("mentor", "post", "title", ""),
    "apply": ("student", "vacancy_post", "words", ""),
    "application_confirm": ("coordinator", "accepted", "mentor", ""),
}


async def _forms(tx, world, its: Affairs, who) -> None:
    """Begin every form about these affairs, as whoever fills it in."""
    for form, (role, about, step, known) in FORMS.items():
        thing, filler = its.things[about], who[getattr(its, role)]
        answers = {known: str(thing.id)} if known else {}
        if form == "edit_class":
            answers["was"] = {}
        draft = await drafts.activate(
            tx, filler.id, form, subject=thing.id, step=step, answers=answers, now=world.clock()
        )
        its.things[form] = Thing(thing.id, draft.version)
