"""Removal on request: what goes at once, what the school keeps and until when, and that all of it does go."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.check import find_faults
from bot.files import path_of
from domain.logs import Decision
from domain.weeks import at_local
from storage import files, forgetting, moments, outbox, placements, pulse, reviews
from storage.invariants import violations
from tests.handed_in import hand_in
from tests.handlers.reminded import WEEK
from tests.links import add_coordinator, class_link, rows
from tests.people import make_school

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST = WEEK + timedelta(days=83)
DUE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # asked for on Monday 16 Nov at 09:00
OVER = datetime(2030, 2, 8, 9, 0, tzinfo=UTC)
SAYS = {
    "en": {
        "goes": ["1 moment", "1 weekly log that you never handed in", "how 1 week was", "out of your class"],
        "stays": ["Your school keeps until 7 Feb 2030", "1 log that you handed in", "1 call for help"],
        "placed": "Your placement runs until 7 Feb 2027",
        "hears": "Ms Wang will hear",
        "ask": "Ask for it",
        "sure": "Do you mean it?",
        "yes": "Yes, on 23 Nov",
        "asked": "what is kept about you goes",
        "back": "Take it back",
        "eve": "Tomorrow, Monday 23 Nov, 09:00",
        "told": "asks that what is kept about them be deleted",
        "kept": "there stay",
        "taken": "It was taken back",
        "done": "are deleted since",
        "why": "Write why it stays",
        "reason": "writes why your school keeps its part: “Your <exam> needs it.”",
        "all": "Let all of it go",
        "released": "lets your school's part go too",
        "yes_all": "Yes, all of it",
        "stranger": "Open the link that your school sent you",
        "nothing": "Nothing stays here",
    },
    "zh-hans": {
        "goes": ["1条随手记", "1篇没有提交的周志", "1周的心情", "退出这里的班级"],
        "stays": ["学校保留到2030年2月7日", "你提交的1篇周志", "1次求助记录"],
        "placed": "你的实习到2027年2月7日才结束",
        "hears": "Ms Wang会知道",
        "ask": "申请删除",
        "sure": "确定要删除吗？",
        "yes": "确定，11月23日删除",
        "asked": "删除关于你的信息",
        "back": "撤回申请",
        "eve": "明天，11月23日（周一）09:00",
        "told": "申请删除关于自己的信息",
        "kept": "保留到2030年2月7日",
        "taken": "本人已撤回",
        "done": "账号和个人内容已于",
        "why": "说明为什么保留",
        "reason": "说明了学校为什么要保留：“Your <exam> needs it.”",
        "all": "同意全部删除",
        "released": "同意学校那部分也一并删除",
        "yes_all": "确定，全部删除",
        "stranger": "邀请链接",
        "nothing": "这里什么都不会留下",
    },
}
BOTH = pytest.mark.parametrize("language", SAYS)


async def count(person) -> int:
    return len(await person.from_bot())


async def broken(world) -> list:
    return await world.database.read(lambda tx: violations(tx, now=world.clock()))


async def keep_file(world, owner, content: bytes, **attached: int) -> int:
    """A file whose copy is in the folder, in a log or a moment."""
    download = world.house.sender.download

    async def bytes_of(_telegram_file_id: str) -> bytes:
        return content

    async def work(tx):
        file_id = await files.add(
            tx, owner_id=owner.id, kind="document", telegram_file_id="x", name="a.bin", now=world.clock()
        )
        for name, subject in attached.items():
            await tx.run(f"INSERT INTO {name}_files ({name}_id, file_id) VALUES (:id, :file)", id=subject, file=file_id)
        return file_id

    file_id = await world.database.transaction(work)
    world.house.sender.download = bytes_of
    try:
        await world.program.files.look()
    finally:
        world.house.sender.download = download
    return file_id


async def copies(world) -> int:
    await world.program.files.look()
    return len([path for path in world.settings.files.rglob("*") if path.is_file()])


async def lived(world, language: str = "en", name: str = "Ming <b>"):
    """A student with a log handed in and one begun, a moment, a pulse, a call for help, and files in both logs."""
    school = await make_school(world, language=language)
    ming = await school.placed(name, "20230101", language)
    handed = await hand_in(world, ming, push=False)
    begun = await hand_in(world, ming, week=WEEK + timedelta(days=7), push=False)

    async def work(tx):
        await tx.run("DELETE FROM revisions WHERE log_id = :id", id=begun)
        sql = "UPDATE logs SET state = 'draft', submitted_at = NULL, first_submitted_at = NULL WHERE id = :id"
        await tx.run(sql, id=begun)
        placement = (await placements.of_person(tx, ming.id))[0]
        moment = await moments.offer(tx, placement_id=placement.id, week=WEEK, text="", now=world.clock())
        await pulse.say(tx, placement, WEEK, 2, now=world.clock())
        return moment

    moment = await world.database.transaction(work)
    await keep_file(world, ming, b"handed in", log=handed)
    await keep_file(world, ming, b"begun", log=begun)
    await keep_file(world, ming, b"of a moment", moment=moment)
    await ming.sends("/sos")
    await ming.presses("学校" if language != "en" else "Tell my school")
    return school, ming


async def ask(person, language: str = "en") -> None:
    says = SAYS[language]
    await person.sends("/forgetme")
    await person.presses(says["ask"])
    assert says["sure"] in await person.reads()
    await person.presses("🗑")


async def pass_the_week(world) -> None:
    for moment in (DUE - timedelta(days=1), DUE):
        await world.move(moment)


@BOTH
async def test_a_student_reads_what_goes_and_what_stays(world, language):
    """With numbers and days, who hears of it, and a way to a copy first; nothing is done by reading."""
    says = SAYS[language]
    _, ming = await lived(world, language)
    await ming.sends("/privacy")
    await ming.presses("🗑")
    said = await ming.reads()
    for words in (*says["goes"], *says["stays"], says["placed"], says["hears"]):
        assert words in said
    assert "📦" in str(await ming.buttons())
    assert [] == await rows(world, "SELECT id FROM removals")


@BOTH
async def test_it_is_confirmed_told_and_taken_back(world, language):
    """Two presses ask for it, the coordinators hear and no mentor; one press takes it back, also for the school."""
    says = SAYS[language]
    school, ming = await lived(world, language)
    before = await count(school.mentor)
    await ask(ming, language)
    assert says["asked"] in await ming.reads()
    assert says["told"] in await school.coordinator.reads()
    assert says["kept"] in await school.coordinator.reads() or "there stays" in await school.coordinator.reads()
    assert before == await count(school.mentor)
    await ming.sends("/forgetme")
    await ming.presses(says["back"])
    assert says["taken"] in await school.coordinator.reads()
    await pass_the_week(world)
    assert [("taken_back",)] == [tuple(row.values()) for row in await rows(world, "SELECT state FROM removals")]
    assert 1 == len(await rows(world, "SELECT id FROM people WHERE telegram_id = :id", id=ming.phone.id))
    assert [] == await broken(world)


async def test_a_second_press_asks_once(world):
    """The same button again shows what was asked for; after it was taken back it can be asked for again."""
    _, ming = await lived(world)
    await ming.sends("/forgetme")
    await ming.presses("Ask for it")
    sure = await ming.card()
    await ming.presses("Yes, on", sure)
    await ming.presses("Yes, on", sure)
    assert 1 == len(await rows(world, "SELECT id FROM removals"))
    asked = await ming.card()
    await ming.presses("Take it back", asked)
    await ming.presses("Take it back", asked)
    assert ["taken_back"] == [row["state"] for row in await rows(world, "SELECT state FROM removals")]
    await ask(ming)
    assert ["taken_back", "asked"] == [row["state"] for row in await rows(world, "SELECT state FROM removals")]


@BOTH
async def test_after_a_week_ones_own_is_gone_and_the_schools_part_is_left(world, language):
    """Told the evening before, then unknown: rows, files, forms, letters; what was handed in is the school's yet."""
    says = SAYS[language]
    school, ming = await lived(world, language)
    assert 3 == await copies(world)
    await ask(ming, language)
    await world.move(DUE - timedelta(days=1))
    assert says["eve"] in await ming.reads()
    await world.database.transaction(
        lambda tx: outbox.add(tx, ming.id, "home", now=world.clock(), due_at=DUE + timedelta(days=1))
    )
    await world.move(DUE)
    for table in (
        "moments",
        "moment_files",
        "pulses",
        f"drafts WHERE person_id = {ming.id}",
        "logs WHERE state = 'draft'",
    ):
        assert [] == await rows(world, f"SELECT 1 AS found FROM {table}")
    assert 1 == len(await rows(world, "SELECT id FROM logs"))
    assert 1 == await copies(world)
    (row,) = await rows(world, "SELECT telegram_id, name, agreed_at FROM people WHERE id = :id", id=ming.id)
    assert {"telegram_id": None, "name": "–", "agreed_at": None} == row
    assert [] == await rows(world, "SELECT id FROM outbox WHERE person_id = :id AND state = 'waiting'", id=ming.id)
    assert [] == await rows(world, "SELECT id FROM outbox WHERE args LIKE '%Ming%' AND state <> 'waiting'")
    assert says["done"] in await school.coordinator.transcript()
    assert [] == await find_faults(world.settings)
    await ming.sends("/log")
    assert 2 == len(await rows(world, "SELECT id FROM people WHERE name LIKE 'Ming%' OR name = '–'"))
    assert says["stranger"] in await ming.reads()


async def test_the_schools_part_goes_by_itself(world):
    """On the day on which the class's term is over, with the line of the roster and the last file; acts keep ids."""
    school, ming = await lived(world)
    log_id = (await rows(world, "SELECT id FROM logs WHERE state = 'submitted'"))[0]["id"]

    async def approve(tx):
        log = (await reviews.for_reviewer(tx, log_id, school.mentor.id, today=WEEK)).log
        await reviews.decide(tx, log, school.mentor.id, Decision.APPROVED, "Good", now=world.clock())

    await world.database.transaction(approve)
    await ask(ming)
    await pass_the_week(world)
    await world.move(OVER - timedelta(days=2))
    assert 1 == len(await rows(world, "SELECT id FROM logs"))
    await world.move(OVER)
    for table in ("logs", "revisions", "reviews", "placements", "students", "sos_calls", "sos_steps", "files"):
        assert [] == await rows(world, f"SELECT 1 AS found FROM {table}")
    assert 0 == await copies(world)
    assert [("done", None)] == [
        tuple(row.values()) for row in await rows(world, "SELECT state, student_id FROM removals")
    ]
    assert log_id in [row["subject_id"] for row in await rows(world, "SELECT subject_id FROM acts")]
    assert [] == await broken(world)


@BOTH
async def test_a_coordinator_says_why_something_stays(world, language):
    """The student reads it as it was written; the colleagues see it; another one can replace it."""
    says = SAYS[language]
    school, ming = await lived(world, language)
    chen = await add_coordinator(world, school, "Mr Chen", language)
    await ask(ming, language)
    await school.coordinator.presses(says["why"])
    await school.coordinator.sends("Your <exam> needs it.")
    assert says["reason"] in await ming.reads()
    assert "Your <exam> needs it." in await chen.reads()
    acts = await rows(world, "SELECT actor_id, subject_id FROM acts WHERE act = 'removal_explained'")
    assert [(school.coordinator.id, ming.id)] == [tuple(row.values()) for row in acts]


async def test_a_reason_that_is_too_long_or_no_text_is_refused(world):
    """Nothing is kept of it, and the question stays."""
    school, ming = await lived(world)
    await ask(ming)
    await school.coordinator.presses("Write why it stays")
    await school.coordinator.sends("x" * 301)
    await school.coordinator.sends_photo()
    assert [{"words": ""}] == await rows(world, "SELECT words FROM removals")
    assert "Why does it stay?" in await school.coordinator.reads()
    await school.coordinator.presses("Cancel")
    assert [] == await rows(world, "SELECT form FROM drafts WHERE form = 'removal_why'")


@BOTH
async def test_a_coordinator_lets_all_of_it_go(world, language):
    """After being asked; still the student has the week, and then nothing is left at once."""
    says = SAYS[language]
    school, ming = await lived(world, language)
    await ask(ming, language)
    await school.coordinator.presses(says["all"])
    await school.coordinator.presses(says["yes_all"])
    assert says["released"] in await ming.reads()
    await world.move(DUE - timedelta(days=1))
    assert 2 == len(await rows(world, "SELECT id FROM logs"))
    await world.move(DUE)
    for table in ("logs", "placements", "students", "files"):
        assert [] == await rows(world, f"SELECT 1 AS found FROM {table}")
    assert 0 == await copies(world)
    assert [] == await broken(world)


async def test_what_is_left_can_be_let_go_later(world):
    """As when a student leaves the school: the card in the class's list does it at any time."""
    school, ming = await lived(world)
    await ask(ming)
    await pass_the_week(world)
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    await school.coordinator.presses("Kept how long")
    assert "1 student asks to be deleted" in await school.coordinator.reads()
    await school.coordinator.presses("Ming")
    await school.coordinator.presses("Let all of it go")
    await school.coordinator.presses("Yes, all of it")
    await world.tick()
    assert [] == await rows(world, "SELECT id FROM students")
    assert [] == await broken(world)


async def test_a_copy_that_another_file_has_stays(world):
    """Two people sent the same picture: it is in the folder once, until the last of the two files goes."""
    school, ming = await lived(world)
    hong = await school.placed("Hong", "2")
    log_id = await hand_in(world, hong, push=False)
    await keep_file(world, hong, b"of a moment", log=log_id)
    await ask(ming)
    await pass_the_week(world)
    assert 2 == await copies(world)
    (row,) = await rows(world, "SELECT sha256 FROM files WHERE owner_id = :id", id=hong.id)
    assert b"of a moment" == path_of(world.settings.files, row["sha256"]).read_bytes()
    assert [] == await rows(world, "SELECT sha256 FROM stale_copies")


async def test_who_comes_back_begins_anew(world):
    """The same account and number join again; what the school kept from before goes on its day, the line stays."""
    school, ming = await lived(world, name="Ming")
    link = await class_link(world, school)
    await ask(ming)
    await pass_the_week(world)
    await ming.opens(link.address)
    await ming.presses("gree")
    await ming.sends("Ming 20230101")
    await ming.presses("come in")
    (line,) = await rows(world, "SELECT person_id FROM students")
    assert line["person_id"] not in {None, ming.id}
    await world.move(OVER)
    assert [] == await rows(world, "SELECT id FROM logs")
    assert [line] == await rows(world, "SELECT person_id FROM students")
    assert [] == await broken(world)


@pytest.mark.parametrize(("language", "says"), [("en", "Nothing stays here"), ("zh", "这里什么都不会留下")])
async def test_somebody_without_a_role_is_simply_forgotten(world, language, says):
    """There is only the account; nobody else hears of it."""
    ann = await world.phone("Ann", language)
    await ann.sends("/forgetme")
    assert says in await ann.reads()
    await ann.presses(SAYS["en" if language == "en" else "zh-hans"]["ask"])
    await ann.presses("🗑")
    await world.move(DUE - timedelta(days=1))
    await world.move(DUE + timedelta(days=1))
    assert [{"telegram_id": None}] == await rows(world, "SELECT telegram_id FROM people")
    assert [{"state": "done"}] == await rows(world, "SELECT state FROM removals")
    assert [] == await broken(world)


async def test_whoever_was_taken_out_of_the_class_asks_for_what_they_wrote(world):
    """The line was theirs: the school reads of it and can let it go."""
    school, ming = await lived(world)
    await school.coordinator.sends("/students")
    await school.coordinator.presses("Ming")
    await school.coordinator.presses("Remove")
    await school.coordinator.presses("Yes, remove")
    await ming.sends("/forgetme")
    assert "1 log that you handed in" in await ming.reads()
    await ask(ming)
    assert "asks that what is kept about them be deleted" in await school.coordinator.reads()
    await school.coordinator.presses("Let all of it go")
    await school.coordinator.presses("Yes, all of it")
    await pass_the_week(world)
    assert [] == await rows(world, "SELECT id FROM students")


# --- mentors and coordinators -----------------------------------------------------------------------------------


async def test_a_mentor_goes_and_their_answers_stay_under_their_name(world):
    """The coordinators answer from then on; the name goes when the students' records do, or would."""
    school, ming = await lived(world)
    mentor = school.mentor
    log_id = (await rows(world, "SELECT id FROM logs WHERE state = 'submitted'"))[0]["id"]

    async def give_back(tx):
        log = (await reviews.for_reviewer(tx, log_id, mentor.id, today=WEEK)).log
        await reviews.decide(tx, log, mentor.id, Decision.RETURNED, "Say more", now=world.clock())

    await world.database.transaction(give_back)
    await mentor.sends("/forgetme")
    assert "stays under your name</b>" not in await mentor.reads()
    assert "until 7 Feb 2030 at the latest" in await mentor.reads()
    await ask(mentor)
    assert "Ms Li" in await school.coordinator.reads()
    await hand_in(world, ming, "Said more.", push=False)
    await pass_the_week(world)
    assert "Ming" in await school.coordinator.reads()
    assert [{"mentor_id": None}] == await rows(world, "SELECT mentor_id FROM placements")
    assert [] == await rows(world, "SELECT person_id FROM mentors")
    (row,) = await rows(world, "SELECT name, telegram_id FROM people WHERE id = :id", id=mentor.id)
    assert {"name": "Ms Li", "telegram_id": None} == row
    assert [] == await broken(world)
    await world.move(OVER)
    assert [{"name": "–"}] == await rows(world, "SELECT name FROM people WHERE id = :id", id=mentor.id)
    assert [{"state": "done"}] == await rows(world, "SELECT state FROM removals")


@BOTH
async def test_the_only_coordinator_stays_until_somebody_else_is_there(world, language):
    """Refused with what to do; where the colleague left meanwhile it is put off by a week, and said."""
    school = await make_school(world, language=language)
    wang = school.coordinator
    await wang.sends("/forgetme")
    await wang.presses(SAYS[language]["ask"])
    await wang.presses("🗑")
    assert "Riverside College" in await wang.toast()
    assert [] == await rows(world, "SELECT id FROM removals")
    chen = await add_coordinator(world, school, "Mr Chen", language)
    await wang.presses("🗑")
    assert SAYS[language]["told"] in await chen.reads()
    sql = "UPDATE coordinators SET suspended_at = :now WHERE person_id = :id"
    await world.database.transaction(lambda tx: tx.run(sql, now=world.clock(), id=chen.id))
    await pass_the_week(world)
    assert "Riverside College" in await wang.reads()
    assert [{"state": "asked"}] == await rows(world, "SELECT state FROM removals")
    sql = "UPDATE coordinators SET suspended_at = NULL WHERE person_id = :id"
    await world.database.transaction(lambda tx: tx.run(sql, id=chen.id))
    await world.move(DUE + timedelta(days=6))
    await world.move(DUE + timedelta(days=7))
    assert [chen.id] == [row["person_id"] for row in await rows(world, "SELECT person_id FROM coordinators")]
    assert [] == await broken(world)


# --- trouble ----------------------------------------------------------------------------------------------------


async def test_what_ends_in_the_middle_is_carried_out_whole_later(world, monkeypatch):
    """A fault after everything but the account is deleted leaves everything; an hour later all of it goes, once."""
    _, ming = await lived(world)
    await ask(ming)
    await world.move(DUE - timedelta(days=1))
    empty_person, faults = forgetting._empty_person, iter((RuntimeError("cut"),))

    async def cut(*args, **more):
        for fault in faults:
            raise fault
        await empty_person(*args, **more)

    monkeypatch.setattr(forgetting, "_empty_person", cut)
    await world.move(DUE)
    assert 2 == len(await rows(world, "SELECT id FROM logs"))
    assert 1 == len(await rows(world, "SELECT id FROM moments"))
    assert [{"state": "asked"}] == await rows(world, "SELECT state FROM removals")
    await world.restart()
    await world.move(DUE + timedelta(hours=1))
    assert [] == await rows(world, "SELECT id FROM moments")
    assert [{"state": "kept"}] == await rows(world, "SELECT state FROM removals")
    await world.restart()
    await world.move(DUE + timedelta(hours=3))
    assert 1 == await copies(world)
    assert 1 == len(await rows(world, "SELECT id FROM acts WHERE act = 'person_removed'"))
    assert [] == await find_faults(world.settings)


async def test_a_copy_that_cannot_be_taken_out_is_tried_again(world, monkeypatch):
    """The folder is not ours for a moment: the note stays until the copy is gone."""
    _, ming = await lived(world)
    await ask(ming)
    await pass_the_week(world)

    def refuse(_path, *, missing_ok):
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.unlink", refuse)
        assert 3 == await copies(world)
    assert 1 == await copies(world)


async def test_a_late_tick_skips_the_word_of_the_evening(world):
    """After an outage of days it is carried out at once; it was said when."""
    _, ming = await lived(world)
    await ask(ming)
    before = await count(ming)
    await world.move(DUE + timedelta(days=3))
    assert before == await count(ming)
    assert [{"state": "kept"}] == await rows(world, "SELECT state FROM removals")


def test_the_days_of_these_tests():
    """Asked for on Monday at 09:00, carried out the next Monday at 09:00; kept for three years from the last day."""
    assert date(2027, 2, 7) == LAST
    assert DUE == at_local(date(2026, 11, 23), time(9), SHANGHAI)
