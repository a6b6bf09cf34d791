"""Classes: listed, created, changed, shared with colleagues."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import schedule
from tests.links import add_class, add_coordinator, enrol, rows
from tests.people import make_school, member

ENGLISH, CHINESE = "en", "zh-hans"
BOTH = pytest.mark.parametrize("language", [ENGLISH, CHINESE])
SAYS = {
    ENGLISH: {
        "none": "You have no class yet",
        "first": "Create your first class",
        "what": "What is the class called?",
        "specialty": "Which specialty?",
        "create": "Create the class",
        "created": "Created. Next: invite its students.",
        "due": "Weekly log due Sunday 20:00, Shanghai time",
        "due_friday": "Weekly log due Friday 18:00",
        "label_due": "Weekly log due",
        "deadline": "Deadline",
        "save": "Save",
        "unclear": "one weekday and one time",
        "early": "from Wednesday on",
        "taken": "Your school has a class “Nursing 2301” already",
        "photos_off": "Switch photos off",
        "no_photos": "No photos",
        "entrusted": "Ms Wang has added you to Nursing 2301",
        "colleagues": "Colleagues",
        "zone": "Time zone",
        "zone_unknown": "I don't know that place",
        "berlin": "Berlin time",
        "only": "This is for the school's coordinators",
    },
    CHINESE: {
        "none": "你还没有班级",
        "first": "新建第一个班级",
        "what": "班级叫什么？",
        "specialty": "什么专业？",
        "create": "创建班级",
        "created": "班级建好了，接下来邀请学生。",
        "due": "周志截止：每周日20:00（上海时间）",
        "due_friday": "周志截止：每周五18:00",
        "label_due": "周志截止",
        "deadline": "截止时间",
        "save": "保存",
        "unclear": "一个星期几和一个时间",
        "early": "周三及以后",
        "taken": "学校里已经有“Nursing 2301”这个班了",
        "photos_off": "关闭照片",
        "no_photos": "不收照片",
        "entrusted": "Ms Wang请你一起负责Nursing 2301",
        "colleagues": "指导老师",
        "zone": "时区",
        "zone_unknown": "我没找到这个地方",
        "berlin": "柏林时间",
        "only": "这是实习指导教师用的功能",
    },
}


async def rules(world, *columns, name="Nursing 2301"):
    """The rules of a class as the database holds them."""
    (row,) = await rows(world, f"SELECT {', '.join(columns)} FROM classes WHERE name = :name", name=name)
    return tuple(row.values())


@BOTH
async def test_the_first_class_takes_two_answers_and_two_presses(world, language):
    """Name and specialty are asked, zone and deadline are known; then the class is there, with its next step."""
    said = SAYS[language]
    school = await make_school(world, language=language)
    boss = await add_coordinator(world, school, "Mr Chen", language, covers=False)
    await boss.sends("/classes")
    assert said["none"] in await boss.reads()
    await boss.presses(said["first"])
    assert said["what"] in await boss.reads()
    await boss.sends("Care 2302")
    assert said["specialty"] in await boss.reads()
    await boss.sends("Care")
    await boss.presses(said["create"])
    assert said["created"] == await boss.toast()
    assert "Care 2302 · Care" in await boss.reads()
    assert said["due"] in await boss.reads()
    assert "🔗" in (await boss.buttons())[0]
    assert ("Care", "Asia/Shanghai", 6, "20:00", True) == await rules(
        world, "specialty", "time_zone", "due_weekday", "due_time", "photos_allowed", name="Care 2302"
    )


@BOTH
async def test_zone_and_deadline_can_be_chosen_before_creating(world, language):
    """Both can be pressed or typed, and what is typed is understood in either language."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("➕")
    await boss.sends("Care 2302")
    await boss.sends("Care")
    await boss.presses(said["zone"])
    await boss.sends("Atlantis")
    assert said["zone_unknown"] in await boss.reads()
    await boss.sends("柏林" if language == CHINESE else "berlin")
    await boss.presses(f"✏️ {said['label_due']}")
    await boss.sends("周五18点" if language == CHINESE else "Fri 6pm")
    await boss.presses(said["create"])
    assert said["berlin"] in await boss.reads()
    chosen = await rules(world, "time_zone", "due_weekday", "due_time", name="Care 2302")
    assert ("Europe/Berlin", 4, "18:00") == chosen


@BOTH
async def test_a_name_that_the_school_has_is_refused_and_nothing_is_lost(world, language):
    """The name is compared as people compare names; all other answers stay, and a new name is enough."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("➕")
    await boss.sends("nursing  ２３０１")
    await boss.sends("Care")
    await boss.presses(said["create"])
    assert said["taken"] in await boss.toast()
    await boss.presses("✏️")
    await boss.sends("Nursing 2302")
    await boss.presses(said["create"])
    assert "Nursing 2302 · Care" in await boss.reads()
    assert [{"n": 2}] == await rows(world, "SELECT count(*) AS n FROM classes")


async def test_creating_twice_makes_one_class(world):
    """A second press on the last button finds the form gone and makes nothing."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("New class")
    await boss.sends("Care 2302")
    await boss.sends("Care")
    check = await boss.card()
    await boss.presses("Create the class")
    await boss.presses("Create the class", check)
    assert [{"n": 2}] == await rows(world, "SELECT count(*) AS n FROM classes")


async def test_a_class_that_was_begun_is_gone_on_with(world):
    """Pressing "New class" again keeps what was answered, also after a restart."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("New class")
    await boss.sends("Care <2302> & 🌸")
    await world.restart()
    await boss.sends("/start")
    assert "▶️ Continue: a new class" in await boss.buttons()
    await boss.sends("/classes")
    await boss.presses("New class")
    assert "Care <2302> & 🌸" in await boss.reads()
    await boss.presses("Leave out")
    await boss.presses("Create the class")
    assert "Care <2302> & 🌸" in await boss.reads()


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice"])
async def test_a_name_must_be_text(world, kind):
    """A sticker, photo or voice message is no name, and nor is one of 61 characters."""
    school = await make_school(world)
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("New class")
    await school.coordinator.acts(kind)
    assert "I need text here" in await school.coordinator.reads()
    await school.coordinator.sends("x" * 61)
    assert "at most 60 fit" in await school.coordinator.reads()


@BOTH
async def test_a_new_deadline_is_taken_and_reminders_are_planned_anew(world, language):
    """A deadline is pressed or typed, unclear and impossible ones are explained, and placements are looked at again."""
    school, said = await make_school(world, language=language), SAYS[language]
    await school.placed("Ann", "20230115", language)
    boss = school.coordinator
    later = world.clock() + timedelta(days=100)
    await world.database.transaction(lambda tx: tx.run("UPDATE schedule SET due_at = :later", later=later))
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses(said["deadline"])
    await boss.sends("soon")
    assert said["unclear"] in await boss.reads()
    await boss.sends("周一8点" if language == CHINESE else "Mon 8:00")
    assert said["early"] in await boss.reads()
    await boss.presses("18:00")
    await boss.presses(said["save"])
    assert said["due_friday"] in await boss.reads()
    assert (4, "18:00") == await rules(world, "due_weekday", "due_time")
    due = await world.database.read(lambda tx: schedule.due(tx, now=world.clock(), limit=10))
    assert ["placement"] == [entry.kind for entry in due]
    assert [{"act": "class_changed"}] == await rows(world, "SELECT act FROM acts")


async def test_only_what_was_changed_is_saved(world):
    """Two coordinators who change different rules at the same time do not undo each other."""
    school = await make_school(world)
    boss, colleague = school.coordinator, await add_coordinator(world, school, "Mr Chen")
    for phone, rule in ((boss, "Specialty"), (colleague, "Answers within")):
        await phone.sends("/classes")
        await phone.presses("Nursing 2301")
        await phone.presses("Change class")
        await phone.presses(rule)
    await boss.sends("Geriatric care")
    await colleague.presses("5 days")
    await boss.presses("Save")
    await colleague.presses("Save")
    assert ("Geriatric care", 5) == await rules(world, "specialty", "answer_days")


async def test_a_class_is_renamed_but_not_into_another_one(world):
    """A new name is taken, one that the school has is refused; saving without a change is no act."""
    school = await make_school(world)
    boss = school.coordinator
    await add_class(world, school, "Care 2302", boss.id)
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses("Change class")
    await boss.presses("Save")
    assert [] == await rows(world, "SELECT * FROM acts")
    await boss.presses("Change class")
    await boss.presses("✏️ Name")
    await boss.sends("care 2302")
    await boss.presses("Save")
    assert "Care 2302" in await boss.toast()
    await boss.presses("✏️ Name")
    await boss.sends("Care 2301")
    await boss.presses("Save")
    assert "Care 2301" in await boss.reads()


async def test_cancelling_leads_back(world):
    """Cancel leads from a new class to the list, from a change to its class."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("New class")
    await boss.presses("Cancel")
    assert "Your class" in await boss.reads()
    await boss.presses("Nursing 2301")
    await boss.presses("Change class")
    await boss.presses("Cancel")
    assert "Looked after by Ms Wang" in await boss.reads()


@BOTH
async def test_photos_are_switched_off_with_one_press(world, language):
    """One press switches photos off; the same press from an old card changes nothing and shows how it is."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    old = await boss.card()
    await boss.presses(said["photos_off"])
    assert said["no_photos"] in await boss.reads()
    await boss.presses(said["photos_off"], old)
    assert said["no_photos"] in await boss.reads()
    assert (False,) == await rules(world, "photos_allowed")
    assert 1 == len(await rows(world, "SELECT * FROM acts"))


@BOTH
async def test_a_colleague_is_added_and_hears_of_it(world, language):
    """A coordinator of the school who is added covers the class from then on."""
    school, said = await make_school(world, language=language), SAYS[language]
    colleague = await add_coordinator(world, school, "Mr Chen", language, covers=False)
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    await school.coordinator.presses(said["colleagues"])
    card = await school.coordinator.card()
    await school.coordinator.presses("➕ Mr Chen")
    await school.coordinator.presses("➕ Mr Chen", card)
    assert said["entrusted"] in await colleague.reads()
    await colleague.presses("Nursing 2301")
    assert "Mr Chen" in await colleague.reads()
    assert [{"act": "coordinator_added"}] == await rows(world, "SELECT act FROM acts")


async def test_a_class_without_a_coordinator_can_be_taken_on_once(world):
    """A class that an import made is offered to the school's coordinators until one takes it."""
    school = await make_school(world)
    colleague = await add_coordinator(world, school, "Mr Chen", covers=False)
    await add_class(world, school, "Care 2302")
    for phone in (school.coordinator, colleague):
        await phone.sends("/classes")
        assert "🙋 Take on Care 2302" in await phone.buttons()
    await school.coordinator.presses("Take on")
    assert "Looked after by Ms Wang" in await school.coordinator.reads()
    await colleague.presses("Take on")
    assert "out of date" in await colleague.toast()
    assert "no class yet" in await colleague.reads()


async def test_classes_come_in_pages_of_five(world):
    """A list shows five classes with their numbers, and the others on the next page."""
    school = await make_school(world)
    for number in range(2, 8):
        await add_class(world, school, f"Nursing 230{number}", school.coordinator.id)
    await enrol(world, school, "Zhang Xiaoming", "1")
    await school.add_student("Ann", "2")
    await school.coordinator.sends("/classes")
    assert "Your 7 classes" in await school.coordinator.reads()
    assert "Nursing 2301: 1 of 2 joined" in await school.coordinator.reads()
    assert 5 == sum(label.startswith("Nursing") for label in await school.coordinator.buttons())
    await school.coordinator.presses("▶")
    assert 2 == sum(label.startswith("Nursing") for label in await school.coordinator.buttons())
    await school.coordinator.presses("◀")
    assert 5 == sum(label.startswith("Nursing") for label in await school.coordinator.buttons())


async def test_somebody_of_two_schools_says_for_which(world):
    """A coordinator of two schools chooses the school of a new class."""
    school = await make_school(world)
    other = await make_school(world, "Lakeside College", enterprise="Dock", coordinator="Mr Bo", mentor="Mr Tan")
    boss = await add_coordinator(world, school, "Mr Chen", covers=False)
    await world.database.transaction(
        lambda tx: tx.run("INSERT INTO coordinators (person_id, school_id) VALUES (:p, :s)", p=boss.id, s=other.id)
    )
    await boss.sends("/classes")
    await boss.presses("first class")
    assert ["Riverside College", "Lakeside College", "◀ Back"] == await boss.buttons()
    await boss.presses("Lakeside")
    await boss.sends("Welding 1")
    await boss.presses("Leave out")
    await boss.presses("Create")
    assert [{"school_id": other.id}] == await rows(world, "SELECT school_id FROM classes WHERE name = 'Welding 1'")


@BOTH
@pytest.mark.parametrize("verb", ["class:1:0:", "class.edit:1:0:due", "class.photos:1:0:off", "class.colleagues:1:0:"])
async def test_nobody_else_sees_a_class(world, language, verb):
    """A coordinator of another school gets nothing by a forged press, and a mentor is told whose it is."""
    school = await make_school(world, language=language)
    other = await make_school(world, "Lakeside College", enterprise="Dock", coordinator="Mr Bo", language=language)
    await other.coordinator.sends("/start")
    card = await other.coordinator.card()
    await other.coordinator.acts("press", message_id=card["message_id"], data=verb, force=True)
    assert "Nursing 2301" not in await other.coordinator.reads()
    await school.mentor.sends("/classes")
    assert SAYS[language]["only"] in await school.mentor.reads()
    assert [] == await rows(world, "SELECT * FROM acts WHERE act <> 'refused'")
    assert [{"photos_allowed": True}] == await rows(
        world, "SELECT photos_allowed FROM classes WHERE id = :id", id=school.class_id
    )


async def test_a_stranger_has_no_classes(world):
    """Somebody without a role is shown the way in."""
    ann = await member(world, "Ann")
    await ann.sends("/classes")
    assert "link" in await ann.reads()
