"""Publishing posts step by step, correcting, closing and reopening them."""

from __future__ import annotations

import pytest

from storage import schools
from tests.people import add_mentor, make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def does(phone, *steps: str) -> None:
    """Press what begins with "[", send everything else."""
    for step in steps:
        if step.startswith("["):
            await phone.presses(step[1:])
        else:
            await phone.sends(step)


async def add_enterprise(school, name):
    async def work(tx):
        place = await schools.enterprise_named(tx, name, now=school.world.clock())
        await schools.link_enterprise(tx, school.id, place.id)
        return place.id

    return await school.world.database.transaction(work)


async def test_a_mentor_publishes_a_post(school):
    """Each answer is kept and shown, the check step shows it all, and students see the post at once."""
    mentor = school.mentor
    await does(mentor, "/newpost", "Ward nursing intern", "Measure blood pressure\nwith the team")
    await does(mentor, "Beijing", "¥3,000 a month", "[3", "1 March", "12 weeks", "1 Dec")
    check = await mentor.reads()
    for words in ("Enterprise: City Hospital", "Title: Ward nursing intern", "Begins: 1 Mar 2027", "Ends: 23 May 2027"):
        assert words in check
    assert "Is everything right?" in check
    await does(mentor, "[Publish")
    assert "Published" in await mentor.toast()
    assert "3 places" in await mentor.reads()
    ann = await school.add_student("Ann", "1")
    await does(ann, "/posts", "[Ward nursing intern · Beijing · ¥3,000 a")
    assert "Apply by Tuesday 1 Dec, 15 days left" in await ann.reads()


async def test_in_chinese_all_but_title_and_tasks_can_be_left_out(world):
    """Six questions are skipped with a press each, and what was left out is not on the card."""
    school = await make_school(world, language="zh-hans", enterprise="市第一医院")
    await does(school.mentor, "/newpost", "护理实习生", "跟着带教老师测血压")
    assert "跳过" in " ".join(await school.mentor.buttons())
    await does(school.mentor, *["[跳过"] * 6, "[发布")
    assert "💼 护理实习生\n🏢 市第一医院\n\n做什么\n跟着带教老师测血压" == await school.mentor.reads()


async def test_a_coordinator_chooses_enterprise_and_mentor(school):
    """With several enterprises the first question is which; a mentor may be named or left out."""
    await add_enterprise(school, "Care Home")
    boss = school.coordinator
    await does(boss, "/newpost")
    assert "Which enterprise" in await boss.reads()
    await does(boss, "[City Hospital", "Nurse", "Help")
    await does(boss, *["[Leave out"] * 6)
    assert "Who answers the applications?" in await boss.reads()
    await does(boss, "[Ms Li")
    assert "Mentor: Ms Li" in await boss.reads()
    await does(boss, "[Publish")
    assert "City Hospital" in await boss.reads()
    await does(school.mentor, "/menu", "[My posts")
    assert "Nurse" == (await school.mentor.buttons())[0]


async def test_what_cannot_be_taken_is_said_and_asked_again(world, school):
    """Wrong types, long texts, odd numbers and past days are refused, and nothing that was answered is lost."""
    mentor = school.mentor
    await does(mentor, "/newpost", "x" * 121)
    assert "121 characters" in await mentor.reads()
    await mentor.acts("sticker")
    assert "need text" in await mentor.reads()
    await does(mentor, "Nurse <b>& co</b> 🩺 عربي", "Help", "[Leave out", "[Leave out", "0")
    assert "from 1 to 999" in await mentor.reads()
    await does(mentor, "３", "someday")
    assert "Title: Nurse <b>& co</b> 🩺 عربي" in await mentor.reads()
    await world.restart()
    await does(mentor, "1 March", "1 Feb 2027")
    assert "Until when?" in await mentor.reads()
    await does(mentor, "30 June", "10 Nov 2026")
    assert "The last day to apply has passed" in await mentor.reads()
    await does(mentor, "[Leave out", "[Publish")
    assert "Nurse <b>& co</b> 🩺 عربي" in await mentor.reads()
    assert "1 Mar 2027 to 30 Jun 2027" in await mentor.reads()


async def test_the_same_post_is_not_published_twice(school):
    """A second one that is alike is refused with what to do, and the answers stay."""
    mentor = school.mentor
    await does(mentor, "/newpost", "Nurse", "Help", *["[Leave out"] * 6, "[Publish")
    await does(mentor, "/newpost", "nurse ", "Other", *["[Leave out"] * 6, "[Publish")
    assert "open already" in await mentor.toast()
    await does(mentor, "[Title", "Night nurse", "[Publish")
    assert "Published" in await mentor.toast()


async def test_only_mentors_and_coordinators_publish(world, school):
    """A student is told who publishes; a coordinator without an enterprise, what is missing."""
    ann = await school.add_student("Ann", "1")
    await ann.sends("/newpost")
    assert "published by mentors and coordinators" in await ann.reads()

    async def unlink(tx):
        await tx.run("DELETE FROM school_enterprises")

    await world.database.transaction(unlink)
    await school.coordinator.sends("/newpost")
    assert "no enterprise to publish for" in await school.coordinator.reads()


async def test_a_post_is_corrected(school):
    """The form opens with what the post says; one press changes one thing, and something can be taken away."""
    mentor = school.mentor
    await does(mentor, "/newpost", "Nurse", "Help", "Beijing", "¥1", *["[Leave out"] * 4, "[Publish")
    await does(mentor, "[Edit", "[Pay", "[Leave out", "[Title", "Midwife", "[Save")
    assert "Saved" in await mentor.toast()
    assert "💼 Midwife\n🏢 City Hospital\n📍 Beijing\n\nWhat you will do\nHelp" == await mentor.reads()
    ann = await school.add_student("Ann", "1")
    await does(ann, "/posts midwife")
    assert "Midwife · Beijing" == (await ann.buttons())[0]


async def test_a_correction_on_top_of_another_is_refused(school):
    """Who saves later learns that somebody changed the post meanwhile, and nothing is overwritten."""
    mentor, boss = school.mentor, school.coordinator
    await does(boss, "/newpost", "Nurse", "Help", *["[Leave out"] * 6, "[Ms Li", "[Publish")
    await does(boss, "[Edit", "[Title", "Midwife")
    await does(mentor, "/menu", "[My posts", "[Nurse", "[Edit", "[Title", "Guard", "[Save")
    await does(boss, "[Save")
    assert "changed this post meanwhile" in await boss.toast()
    await does(boss, "[Cancel")
    assert "💼 Guard" in await boss.reads()


async def test_a_post_is_closed_and_opened_again(school):
    """A closed post is not listed and keeps its card; an old button shows how it is now."""
    mentor = school.mentor
    ann = await school.add_student("Ann", "1")
    await does(mentor, "/newpost", "Nurse", "Help", *["[Leave out"] * 6, "[Publish")
    opened = await mentor.card()
    old = next(
        b["callback_data"] for row in opened["reply_markup"]["inline_keyboard"] for b in row if "Close" in b["text"]
    )
    await does(mentor, "[Close")
    assert "Nobody can apply" in await mentor.toast()
    await does(ann, "/posts")
    assert "There is no open post" in await ann.reads()
    await mentor.acts("press", message_id=opened["message_id"], data=old, force=True)
    assert "out of date" in await mentor.toast()
    assert "Open again" in " ".join(await mentor.buttons())
    await does(mentor, "[My posts")
    assert "🔒 Nurse" == (await mentor.buttons())[0]
    await does(mentor, "[🔒 Nurse", "[Open again")
    await does(ann, "/posts")
    assert "Nurse" == (await ann.buttons())[0]


async def test_others_posts_cannot_be_changed(world, school):
    """Another mentor of the enterprise reads the post but has no buttons for it, nor do forged ones work."""
    await does(school.mentor, "/newpost", "Nurse", "Help", *["[Leave out"] * 6, "[Publish")
    colleague = await add_mentor(world, school.id, school.enterprise_id, "Mr Zhao")
    await does(colleague, "/posts", "[Nurse")
    assert "✏️ Edit" not in await colleague.buttons()
    message_id = (await colleague.card())["message_id"]
    for verb in ("post.edit", "post.close"):
        await colleague.acts("press", message_id=message_id, data=f"{verb}:1:1:", force=True)
        assert "no longer open to you" in await colleague.toast()
    await does(colleague, "/menu", "[My posts")
    assert "You have no posts yet" in await colleague.reads()
