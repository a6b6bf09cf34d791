"""The cast of a play: two schools in the middle of a term, one of whose people must never hear of the other's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.posts import PostDetails
from storage import applications, classes, posts, students
from tests.handed_in import hand_in
from tests.links import add_class, add_coordinator, class_link, enrol, mentor_link
from tests.people import Member, SchoolOf, make_school, member
from tests.phones import Phone

OTHER = "Zeta"  # in every name of the second school, and in nothing that anybody types


@dataclass(frozen=True)
class Cast:
    """Everybody's phone, those of the first school and of no school first, and the links that are there."""

    phones: tuple[Phone, ...]
    ours: frozenset[int]
    links: tuple[str, ...]


async def gather(world: Any) -> Cast:
    """Let everybody come in: a log waits, an application and a request too; nothing of it is decided."""
    school = await make_school(world)
    await _want_second_stage(world, school)
    await add_class(world, school, "Care 2302")
    await add_class(world, school, "Lab 2303", school.coordinator.id)
    await enrol(world, school, "Nan", "20230199")
    ann = await school.placed("Ann", "20230001")
    ben = await school.add_student("Ben", "20230002", "zh-hans")
    tutor = await school.add_mentor("Mr Xu", "zh-hans")
    colleague = await add_coordinator(world, school, "Mr Zhou", covers=False)
    nan, eve = await member(world, "Nan"), await member(world, "Eve", "zh-hans")
    sam = await world.phone("Sam")
    await sam.sends("/start")
    await hand_in(world, ann)
    await _open_matters(world, school, ben, eve)
    other = await make_school(
        world,
        f"{OTHER} College",
        class_name=f"{OTHER} 9",
        enterprise=f"{OTHER} Works",
        language="zh-hans",
        coordinator=f"{OTHER} Wang",
        mentor=f"{OTHER} Li",
    )
    theirs = await other.placed(f"{OTHER} Ann", "99", "zh-hans")
    ours = (ann, school.mentor, school.coordinator, ben, tutor, colleague, nan, eve)
    phones = (*(one.phone for one in ours), sam, *(one.phone for one in (other.coordinator, other.mentor, theirs)))
    links = [await make(world, school) for make in (class_link, mentor_link)]
    return Cast(phones, frozenset(phone.id for phone in phones[:9]), tuple(link.code for link in links))


async def _want_second_stage(world: Any, school: SchoolOf) -> None:
    """Let what the mentors of the first school approve go on to it."""
    coordinator = school.coordinator.id
    await world.database.transaction(
        lambda tx: classes.want_second_stage(tx, school.class_id, coordinator, wanted=True)
    )


async def _open_matters(world: Any, school: SchoolOf, ben: Member, eve: Member) -> None:
    now = world.clock()

    async def work(tx: Any) -> None:
        mentor = school.mentor.id
        post = await posts.publish(
            tx, school.enterprise_id, PostDetails("Nurse", places=2), mentor_id=mentor, created_by=mentor, now=now
        )
        await applications.send(tx, post_id=post, student_id=ben.student_id, words="Please", now=now)
        await students.ask_to_join(
            tx, class_id=school.class_id, person_id=eve.id, number="20230777", name="Eve", now=now
        )

    await world.database.transaction(work)
