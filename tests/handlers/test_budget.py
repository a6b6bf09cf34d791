"""The budget: few messages. Twelve weeks of a class of forty, counted as Telegram gets them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.context import Context, Press, Refused
from domain.logs import Decision, LogState, Section
from domain.people import Role
from domain.waiting import Ask
from domain.weeks import WEEK, at_local, local_day, monday_of
from handlers import logs as log_room
from handlers import review as review_room
from handlers import waiting as waiting_room
from storage import inbox, logs, outbox, people, placements, reviews, schedule
from tests.people import make_school

SHANGHAI = ZoneInfo("Asia/Shanghai")
STUDENTS, MENTORS, WEEKS = 40, 4, 12
STUDENT_MOST, MENTOR_MOST, COORDINATOR_MOST = 4, 3, 5  # DESIGN §5; a mentor gets one more for each log

# When a student hands in: days after the week's Monday and the time of day; None is not at all.
HABITS = {
    "early": (3, time(16)),
    "friday evening": (4, time(19)),
    "sunday noon": (6, time(13)),
    "last hour": (6, time(19)),
    "two days late": (8, time(10)),
    "forgets": None,
}
WEIGHTS = (6, 10, 8, 9, 4, 3)
# How long each mentor takes; the last two need to be reminded.
PATIENCE = (timedelta(hours=5), timedelta(days=1, hours=20), timedelta(days=4, hours=3), timedelta(days=8, hours=1))
ASKS_BACK = 0.1  # of the early logs
SCHOOL_TAKES = timedelta(days=1, hours=6)  # where the class has a second stage
NUDGES = (73, 80, 100, 150, 175)  # hours after which students look whether they can have somebody reminded


@dataclass
class Class:
    """A school in motion: what people will do when, and how many logs each mentor got in which week."""

    world: Any
    mentors: list[Any]
    placed: dict[int, tuple[Any, int]]  # placement: its student and the mentor's number
    coordinator: Any
    second_stage: bool
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    plans: list[tuple[datetime, int, Any]] = field(default_factory=list)
    handed_in: Counter[tuple[int, Any]] = field(default_factory=Counter)
    straight: int = 0  # submissions that came to the school without the mentor
    asked: Counter[str] = field(default_factory=Counter)  # what students pressed, and how often that was too soon
    order: Any = field(default_factory=count)
    updates: Any = field(default_factory=count)

    def plan(self, at: datetime, act) -> None:
        """Have somebody do something; between 22:00 and 08:00 people sleep, as the bot does."""
        clock = at.astimezone(SHANGHAI).time()
        if clock >= time(22) or clock < time(8):
            at = at_local(local_day(at + timedelta(hours=2), SHANGHAI), time(9, 30), SHANGHAI)
        self.plans.append((at, next(self.order), act))

    def plan_weeks(self, first_monday) -> None:
        for week in (first_monday + WEEK * n for n in range(WEEKS)):
            for placement_id in self.placed:
                habit = self.dice.choices(list(HABITS), WEIGHTS)[0]
                if HABITS[habit] is not None:
                    days, clock = HABITS[habit]
                    moment = at_local(week + timedelta(days=days), clock, SHANGHAI)
                    asks_back = habit == "early" and self.dice.random() < ASKS_BACK
                    self.plan(moment, lambda p=placement_id, w=week, a=asks_back: self.hand_in(p, w, asks_back=a))

    async def context(self, member) -> Context:
        """What a room gets from an update of this person."""
        person = await self.world.database.read(lambda tx: people.by_id(tx, member.id))
        house, now, number = self.world.house, self.world.clock(), next(self.updates)
        await house.database.transaction(lambda tx: inbox.store(tx, [(number, "{}")], now=now))
        return Context(house.database, house.settings, house.bot_username, person, house.texts, now, update_id=number)

    async def hand_in(self, placement_id, week, *, asks_back=False) -> None:
        """Write a log, or answer the mentor's question, and hand it in."""
        student, number = self.placed[placement_id]

        async def write(tx):
            log = await logs.begin(tx, await placements.by_id(tx, placement_id), week, now=self.world.clock())
            section = Section.ANSWER if log.state is LogState.NEEDS_INFO else Section.DONE
            await logs.write(tx, log, section, "Measured blood pressure of six patients.")
            return await logs.of_week(tx, placement_id, week)

        log = await self.world.database.transaction(write)
        await log_room.submit(await self.context(student), Press("log.submit", log.id, log.version))
        now = self.world.clock()
        if log.with_school:
            self.straight += 1
            self.plan(now + SCHOOL_TAKES, lambda: self.last_word(placement_id, week, gives_back=False))
            return
        self.handed_in[self.mentors[number].id, week_of(now)] += 1
        self.plan(now + PATIENCE[number], lambda: self.answer(placement_id, week, asks_back=asks_back))
        for hours in NUDGES:
            self.plan(now + timedelta(hours=hours), lambda: self.nudge(student, log.id))

    async def answer(self, placement_id, week, *, asks_back) -> None:
        """Approve a log, or ask back, after which the student answers the next day."""
        _, number = self.placed[placement_id]
        today = local_day(self.world.clock(), SHANGHAI)
        mentor = await self.context(self.mentors[number])
        waiting = await mentor.read(lambda tx: reviews.queue(tx, mentor.person.id, today=today))
        log = next(log for log in waiting if (log.placement.id, log.week) == (placement_id, week))
        if not asks_back:
            await review_room.approve(mentor, Press("review.approve", log.id, log.version))
            if self.second_stage:
                gives_back = self.dice.random() < ASKS_BACK
                at = self.world.clock() + SCHOOL_TAKES
                self.plan(at, lambda: self.last_word(placement_id, week, gives_back=gives_back))
            return
        question = Press("review.reason", log.id, log.version, f"{Decision.NEEDS_INFO.value}.result.")
        await review_room.pick_reason(mentor, question)
        self.plan(self.world.clock() + timedelta(days=1), lambda: self.hand_in(placement_id, week))

    async def last_word(self, placement_id, week, *, gives_back) -> None:
        """Answer for the school what a mentor has passed on; what it gives back comes straight to it the next day."""
        today = local_day(self.world.clock(), SHANGHAI)
        boss = await self.context(self.coordinator)
        waiting = await boss.read(lambda tx: reviews.queue(tx, boss.person.id, today=today))
        log = next(log for log in waiting if (log.placement.id, log.week) == (placement_id, week))
        if not gives_back:
            await review_room.approve(boss, Press("review.approve", log.id, log.version))
            return
        reason = Press("review.reason", log.id, log.version, f"{Decision.RETURNED.value}.hours.")
        await review_room.pick_reason(boss, reason)
        self.plan(self.world.clock() + timedelta(days=1), lambda: self.hand_in(placement_id, week))

    async def nudge(self, student, log_id) -> None:
        """Press the button that has somebody reminded, where it stands on the card of the log."""
        context = await self.context(student)
        log = await context.read(lambda tx: logs.for_student(tx, log_id, student.id))
        its = await context.read(lambda tx: waiting_room.whereabouts(tx, context, log))
        if its.ask in {Ask.MENTOR, Ask.COORDINATORS}:
            self.asked[its.ask] += 1
            try:
                await waiting_room.nudge(context, Press(waiting_room.VERB, log_id, log.version, its.ask.value))
            except Refused:
                self.asked["later"] += 1

    async def live(self) -> None:
        """Go from one moment at which something happens to the next."""
        end = self.world.clock() + WEEKS * WEEK + timedelta(days=14)
        while (moment := await self.next_moment()) is not None and moment <= end:
            self.world.clock.now = max(moment, self.world.clock())
            due = [plan for plan in sorted(self.plans, key=lambda plan: plan[:2]) if plan[0] <= self.world.clock()]
            for plan in due:
                self.plans.remove(plan)
                await plan[2]()
            await self.world.tick()

    async def next_moment(self) -> datetime | None:
        database = self.world.database
        found = [await database.read(schedule.next_due), await database.read(outbox.next_due)]
        return min([*filter(None, found), *(plan[0] for plan in self.plans)], default=None)


def week_of(moment: datetime):
    """The Monday of the week that it is in Shanghai, where everybody is."""
    return monday_of(local_day(moment, SHANGHAI))


async def a_class(world, *, second_stage: bool) -> tuple[Any, Class]:
    """Forty students with four mentors, half of them Chinese, some with an hour of their own."""
    school = await make_school(world)
    mentors = [school.mentor, *[await school.add_mentor(f"Mentor {n}", "zh") for n in range(1, MENTORS)]]
    placed = {}
    for n in range(STUDENTS):
        student = await school.add_student(f"Student {n}", str(n), ("en", "zh")[n % 2])
        placed[await school.place(student, mentors[n % MENTORS])] = (student, n % MENTORS)
        if n % 10 == 0:
            await world.database.transaction(lambda tx, id_=student.id: _choose_time(tx, id_, world.clock()))
    await world.database.transaction(lambda tx: tx.run("UPDATE classes SET second_stage = :on", on=second_stage))
    return school, Class(world, mentors, placed, school.coordinator, second_stage)


async def _choose_time(tx, person_id, now) -> None:
    await people.set_reminder_time(tx, person_id, time(20, 15))
    await schedule.replan_person(tx, person_id, now)


@pytest.fixture(params=[False, True], ids=["mentors", "mentors-and-school"])
async def pushed(world, request):
    """Twelve weeks lived; the messages of each person and week by their role, and the class."""
    school, its = await a_class(world, second_stage=request.param)
    its.plan_weeks(week_of(world.clock()))
    before = len(await world.telegram.calls())
    await its.live()
    calls = await world.telegram.calls(since=before)
    sent = [
        (call["chat_id"], datetime.fromisoformat(call["time"])) for call in calls if call["method"] == "sendMessage"
    ]
    roles = {student.phone.id: (Role.STUDENT, student.id) for student, _ in its.placed.values()}
    roles |= {mentor.phone.id: (Role.MENTOR, mentor.id) for mentor in its.mentors}
    roles[school.coordinator.phone.id] = (Role.COORDINATOR, school.coordinator.id)
    return its, Counter((*roles[chat], week_of(at)) for chat, at in sent), [at.astimezone(SHANGHAI) for _, at in sent]


async def test_budget(world, pushed):
    """In a week a student gets at most 4 messages, a mentor 3 and one for each log, a coordinator 5; none at night.

    Where the school has the last word, one more answer may fall into a student's week.
    """
    its, messages, moments = pushed
    most = {Role.STUDENT: STUDENT_MOST + its.second_stage, Role.COORDINATOR: COORDINATOR_MOST}
    over = {
        (role.value, person_id, str(week)): n
        for (role, person_id, week), n in messages.items()
        if n > most.get(role, MENTOR_MOST + its.handed_in[person_id, week])
    }
    assert {} == over
    assert [] == [moment for moment in moments if moment.hour >= 22 or moment.hour < 8]
    # The class was a lively one: every kind of reminder came.
    counted = await world.database.read(
        lambda tx: tx.all(
            "SELECT card, count(*) AS n FROM outbox WHERE state = 'sent' AND manner = 'push' GROUP BY card"
        )
    )
    kinds = {row["card"]: row["n"] for row in counted}
    logs_handed_in = its.handed_in.total()
    assert logs_handed_in > STUDENTS * WEEKS * 0.85
    assert kinds["review"] == kinds["log_answer"] - its.straight == logs_handed_in
    assert kinds["log_reminder"] > logs_handed_in
    assert kinds["mentor_digest"] > WEEKS
    assert kinds["mentor_nudge"] > WEEKS
    assert kinds["escalation"] + kinds.get("school_digest", 0) > WEEKS
    assert its.second_stage == ("school_digest" in kinds) == (its.straight > 0)
    # Students asked for both, and were told where it was too soon.
    assert its.asked[Ask.MENTOR] > its.asked["later"] > 0
    assert its.asked[Ask.COORDINATORS] > 0
