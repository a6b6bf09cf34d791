"""My data: everything that is kept about a person comes to them, all of it, once, and nothing of anybody else."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest

from domain.announcements import Audience
from domain.logs import Decision, Section
from storage import announcements, files, moments, outbox, people, phrases, placements, records, remarks, reviews, sos
from tests.handed_in import WROTE, hand_in
from tests.people import Member, make_school

LEARNED = "Cuffs <b>&</b> nerves."
MAKING = {"en": "putting together", "zh": "正在整理"}


async def parcels(phone) -> list[tuple[str, ZipFile]]:
    """The ZIPs in a chat, each with its name, downloaded and found whole."""
    found = []
    for message in await phone.from_bot():
        if document := message.get("document"):
            url = f"{phone.telegram.url}/sim/files/{document['file_id']}"
            async with phone.telegram.session.get(url) as answer:
                content = await answer.read()
            assert document["file_size"] == len(content)
            archive = ZipFile(io.BytesIO(content))
            assert archive.testzip() is None
            found.append((document["file_name"], archive))
    return found


async def parcel(phone) -> ZipFile:
    """The only ZIP in a chat."""
    ((_, archive),) = await parcels(phone)
    return archive


def numbered(of: int) -> list[str]:
    return [f"shixi-2026-11-16-{number}-of-{of}.zip" for number in range(1, of + 1)]


def rows_in(archive: ZipFile) -> dict:
    return json.loads(archive.read("data.json"))["records"]


def everything_in(archive: ZipFile) -> str:
    return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


async def decide(world, reviewer: Member, log_id: int, decision: Decision, words: str) -> None:
    async def work(tx):
        log = (await reviews.for_reviewer(tx, log_id, reviewer.id, today=world.clock().date())).log
        (revision,) = await tx.all("SELECT id FROM revisions WHERE log_id = :log", log=log_id)
        await remarks.write(tx, revision["id"], reviewer.id, Section.LEARNED, "Draw <them>.")
        await remarks.choose(tx, revision["id"], reviewer.id, "safety", chosen=True)
        phrase = await phrases.add(tx, reviewer.id, "Twice <is> better", now=world.clock())
        await remarks.say(tx, revision["id"], reviewer.id, phrase)
        await reviews.decide(tx, log, reviewer.id, decision, words, now=world.clock())

    await world.database.transaction(work)


async def send_photos(world, student: Member, number: int, content: bytes = b"") -> None:
    """Files that a student sent and whose copies are kept, made through the storage; each of other bytes."""
    keeper = world.program.files

    async def work(tx):
        for _ in range(number):
            await files.add(
                tx, owner_id=student.id, kind="document", telegram_file_id="x", name="a.bin", now=world.clock()
            )

    await world.database.transaction(work)
    download = world.house.sender.download
    made = iter(range(number))

    async def bytes_of(_telegram_file_id: str) -> bytes:
        return content + str(next(made)).encode()

    world.house.sender.download = bytes_of
    try:
        while await keeper.look():
            pass
    finally:
        world.house.sender.download = download


async def announce(world, school, reader: Member, text: str) -> None:
    written = {"author_id": school.coordinator.id, "school_id": school.id, "audience": Audience()}

    async def work(tx):
        letter = await announcements.begin(tx, **written, now=world.clock())
        sql = "UPDATE announcements SET state = 'sent', text = :text, sent_at = :now WHERE id = :id"
        await tx.run(sql, text=text, now=world.clock(), id=letter)
        sql = "INSERT INTO announcement_recipients (announcement_id, person_id) VALUES (:id, :person)"
        await tx.run(sql, id=letter, person=reader.id)

    await world.database.transaction(work)


@pytest.fixture(params=["en", "zh"])
async def lived(world, request):
    """A student, in each language, who has handed in twice, got an answer, and sent a photo and a thought."""
    school = await make_school(world, language=request.param)
    ming = await school.placed("Ming", "20230101", request.param)
    log_id = await hand_in(world, ming, push=False, learned=LEARNED)
    await decide(world, school.mentor, log_id, Decision.RETURNED, "Whose <cuffs>?")
    await hand_in(world, ming, "Measured <seven> patients.", push=False, learned=LEARNED)
    await send_photos(world, ming, 1)

    async def work(tx):
        placement = (await placements.of_person(tx, ming.id))[0]
        week = placement.starts_on
        kept = await moments.offer(tx, placement_id=placement.id, week=week, text="A quiet day.", now=world.clock())
        await moments.attach(tx, kept, 1, caption="My feet")
        sql = """INSERT INTO pulses (placement_id, week, mood, words, said_at)
            VALUES (:placement, :week, 2, 'Tired of nights.', :now)"""
        await tx.run(sql, placement=placement.id, week=week, now=world.clock())
        call = await sos.call(tx, ming.student_id, ming.id, now=world.clock())
        await sos.add_words(tx, call, ming.id, "I fell.", now=world.clock())
        await tx.run("INSERT INTO log_files (log_id, file_id, caption) VALUES (:log, 1, 'My hands')", log=log_id)

    await world.database.transaction(work)
    await announce(world, school, ming, "Safety training.")
    return request.param, school, ming


async def test_a_student_is_sent_everything(world, lived):
    """The rows with every revision and answer, a page that says the same, and the file as it was sent."""
    language, _, ming = lived
    await ming.sends("/mydata")
    first, *_ = [message for message in await ming.from_bot() if MAKING[language] in message.get("text", "")]
    assert "reply_markup" in first
    ((name, archive),) = await parcels(ming)
    assert "shixi-2026-11-16.zip" == name
    rows = rows_in(archive)
    assert ["Ming"] == [row["name"] for row in rows["person"]]
    assert [("20230101", "Nursing 2301", "Riverside College")] == [
        (row["number"], row["class"], row["school"]) for row in rows["student"]
    ]
    assert [("City Hospital", "Ms Li")] == [(row["enterprise"], row["mentor_id"]) for row in rows["placements"]]
    assert {("done", "Measured <seven> patients."), ("learned", LEARNED)} == {
        (row["section"], row["text"]) for row in rows["log_sections"]
    }
    assert [WROTE, "Measured <seven> patients."] == [
        json.loads(row["content"])["sections"]["done"] for row in rows["revisions"]
    ]
    assert [("Ms Li", "returned", "Whose <cuffs>?")] == [
        (row["reviewer_id"], row["decision"], row["words"]) for row in rows["reviews"]
    ]
    assert [("Ms Li", "learned", "Draw <them>.")] == [
        (row["reviewer_id"], row["section"], row["text"]) for row in rows["remarks"]
    ]
    assert [("Ms Li", "safety")] == [(row["reviewer_id"], row["code"]) for row in rows["chips"]]
    assert [("Ms Li", "Twice <is> better")] == [(row["reviewer_id"], row["text"]) for row in rows["phrases_said"]]
    assert [] == rows["phrases"]
    assert [("Ms Li", "log_returned")] == [(row["actor_id"], row["act"]) for row in rows["acts_about_me"]]
    assert ["A quiet day."] == [row["text"] for row in rows["moments"]]
    assert [("Ms Wang", "Safety training.")] == [(row["author"], row["text"]) for row in rows["announcements_received"]]
    assert [("files/000001.bin", "a.bin")] == [(row["in_parcel"], row["name"]) for row in rows["files"]]
    assert b"0" == archive.read("files/000001.bin")
    assert ["data.json", "page.html", "files/000001.bin"] == archive.namelist()
    assert {0o600} == {info.external_attr >> 16 for info in archive.infolist()}


async def test_the_page_says_it_in_the_readers_language(world, lived):
    """With every word escaped, links to the files only, and nothing from outside."""
    language, _, ming = lived
    await ming.sends("/mydata")
    page = (await parcel(ming)).read("page.html").decode()
    says = {
        "en": ['lang="en"', "Week 1", "Returned by Ms Li", "Submission 2", "What I learned", "handed in"],
        "zh": ['lang="zh-Hans"', "第1周", "Ms Li已退回", "第2次提交", "学到什么", "待批阅"],
    }[language]
    words = [
        "Draw &lt;them&gt;.",
        "Cuffs &lt;b&gt;&amp;&lt;/b&gt; nerves.",
        "Whose &lt;cuffs&gt;?",
        "Twice &lt;is&gt; better",
    ]
    words += ["Measured &lt;seven&gt; patients.", "A quiet day.", "Safety training.", "My hands", "My feet"]
    words += ["Tired of nights.", "2/5", "I fell."]
    for said in (*says, *words, 'href="files/000001.bin"'):
        assert said.replace("'", "&#39;") in page
    for outside in ("http", "src=", "<script", "url(", "@import", "<cuffs>"):
        assert outside not in page


async def test_nothing_of_others_is_in_it(world, lived):
    """Neither a classmate's name, number or words, nor anybody else's account at Telegram."""
    language, school, ming = lived
    hong = await school.placed("Hongmei", "20230177", language)
    await hand_in(world, hong, "Secretly fainted.", push=False)
    await send_photos(world, hong, 1, b"Hongmei's photo ")
    for reader in (ming, school.mentor, school.coordinator):
        await reader.sends("/mydata")
        said = everything_in(await parcel(reader))
        others = {"Secretly fainted.", "20230177", "Hongmei's photo", str(hong.phone.id)}
        others |= {str(other.phone.id) for other in (ming, school.mentor, school.coordinator) if other is not reader}
        if reader is ming:
            others.add("Hongmei")
        else:
            others |= {"20230101", WROTE, "Measured <seven>", "A quiet day.", "Tired of nights.", "I fell."}
        assert [] == [word for word in others if word in said]
        assert str(reader.phone.id) in said


async def test_what_a_reviewer_only_noted_is_not_sent_to_the_student(world, lived):
    """A remark on a submission that waits belongs to the student when it is decided."""
    _, school, ming = lived

    async def work(tx):
        last = (await tx.all("SELECT id FROM revisions ORDER BY id"))[-1]["id"]
        await remarks.write(tx, last, school.mentor.id, Section.DONE, "Perhaps too short?")

    await world.database.transaction(work)
    for reader, reads in ((ming, False), (school.mentor, True)):
        await reader.sends("/mydata")
        assert reads is ("Perhaps too short?" in everything_in(await parcel(reader)))


async def test_a_mentor_and_a_coordinator_get_what_is_theirs(world, lived):
    """Where they belong, what they answered and announced, and no key of a link."""
    _, school, _ = lived
    await school.mentor.sends("/mydata")
    rows = rows_in(await parcel(school.mentor))
    assert [("City Hospital", "Riverside College")] == [(row["enterprise"], row["school"]) for row in rows["mentor"]]
    assert ["Whose <cuffs>?"] == [row["words"] for row in rows["reviews_given"]]
    assert ["Draw <them>."] == [row["text"] for row in rows["remarks_given"]]
    assert ["Twice <is> better"] == [row["text"] for row in rows["phrases"]]
    assert ["log_returned"] == [row["act"] for row in rows["acts"]]
    await school.coordinator.sends("/classes")
    await school.coordinator.sends("/mydata")
    rows = rows_in(await parcel(school.coordinator))
    assert ["Nursing 2301"] == [row["class"] for row in rows["classes_covered"]]
    assert ["Safety training."] == [row["text"] for row in rows["announcements_written"]]
    assert {"nonce", "code_hash"}.isdisjoint(key for row in rows["invitations_made"] for key in row)


@pytest.mark.parametrize(("language", "says"), [("en", "Known here since"), ("zh", "首次使用时间")])
async def test_somebody_without_a_role_gets_the_little_there_is(world, language, says):
    """Name and account, also before anything was agreed to."""
    ann = await world.phone("Ann", language)
    await ann.sends("/mydata")
    archive = await parcel(ann)
    assert [ann.id] == [row["telegram_id"] for row in rows_in(archive)["person"]]
    assert says in archive.read("page.html").decode()
    assert ["data.json", "page.html"] == archive.namelist()


@pytest.mark.parametrize(("language", "says"), [("en", "no copy is kept here"), ("zh", "没有留存副本")])
async def test_a_file_that_is_not_there_is_named(world, language, says):
    """Whether its copy was lost or never came; the others are in the ZIP."""
    ming = await (await make_school(world, language=language)).placed("Ming", "1", language)
    await send_photos(world, ming, 2)
    kept = await world.database.read(files.kept)
    (world.settings.files / kept[0][1][:2] / kept[0][1]).unlink()

    async def work(tx):
        await files.add(tx, owner_id=ming.id, kind="photo", telegram_file_id="y", now=world.clock())
        await tx.run("UPDATE files SET next_try_at = NULL WHERE kind = 'photo'")

    await world.database.transaction(work)
    await ming.sends("/mydata")
    archive = await parcel(ming)
    assert [None, "files/000002.bin", None] == [row["in_parcel"] for row in rows_in(archive)["files"]]
    assert ["files/000002.bin"] == archive.namelist()[2:]
    assert 2 == archive.read("page.html").decode().count(says)


@pytest.mark.parametrize(
    ("language", "says"), [("en", "From Tuesday 09:00 I will gladly"), ("zh", "周二09:00以后可以再取")]
)
async def test_three_times_a_day_are_enough(world, language, says):
    """The fourth time one is told from when on; a day after the first it goes again."""
    ann = await world.phone("Ann", language)
    for _ in range(3):
        await ann.sends("/mydata")
        world.clock.now += timedelta(hours=1)
    await ann.sends("/mydata")
    assert says in await ann.reads()
    assert 3 == len(await parcels(ann))
    await world.move(hours=21)
    await ann.sends("/mydata")
    assert 4 == len(await parcels(ann))


async def test_a_second_asking_meanwhile_changes_nothing(world):
    """While Telegram takes no files one may ask as often as one likes: one ZIP comes, and it counts as one."""
    ann = await world.phone("Ann")
    await world.telegram.post("faults", method="sendDocument", error="500", times=1)
    for _ in range(5):
        await ann.sends("/mydata")
        assert "putting together" in await ann.reads()
    assert [] == await parcels(ann)
    await world.move(minutes=1)
    assert 1 == len(await parcels(ann))
    await ann.sends("/mydata")
    assert 2 == len(await parcels(ann))


@pytest.mark.parametrize("error", ["500", "429", "502"])
async def test_it_is_sent_again_when_telegram_is_back(world, error):
    """Nothing is lost in an outage, and a restart in the middle of it sends it, once."""
    ann = await world.phone("Ann")
    await world.telegram.post("faults", method="sendDocument", error=error, times=1, retry_after=5)
    await ann.sends("/mydata")
    await world.restart()
    await world.move(minutes=1)
    assert 1 == len(await parcels(ann))
    await world.restart()
    await world.move(minutes=11)
    assert 1 == len(await parcels(ann))


async def test_what_is_too_big_comes_in_parts(world):
    """Each of at most what Telegram takes; together they hold everything once."""
    ming = await (await make_school(world)).placed("Ming", "1")
    await send_photos(world, ming, 7, b"x" * 4000)
    world.program.parcels.limit = 14_000
    await ming.sends("/mydata")
    found = await parcels(ming)
    assert numbered(len(found)) == [name for name, _ in found]
    assert 3 <= len(found)
    names = [name for _, archive in found for name in archive.namelist()]
    assert ["data.json", "page.html", *(f"files/{n:06}.bin" for n in range(1, 8))] == names
    said = [message["caption"] for message in await ming.from_bot() if "document" in message]
    assert f"Part 1 of {len(found)}" in said[0]
    assert "That is all." in said[-1]
    assert all(message["document"]["file_size"] <= 14_000 for message in await ming.from_bot() if "document" in message)


async def test_a_part_that_came_is_not_sent_again(world):
    """Where Telegram goes away between two parts, a new process goes on behind the last one."""
    ming = await (await make_school(world)).placed("Ming", "1")
    await send_photos(world, ming, 7, b"x" * 4000)
    world.program.parcels.limit = 14_000
    upload = world.program.parcels._upload

    async def once(parcel, letter, person, number, of):
        sent = await upload(parcel, letter, person, number, of)
        if number == 1:
            await world.telegram.post("faults", method="sendDocument", error="500", times=1)
        return sent

    world.program.parcels._upload = once
    await ming.sends("/mydata")
    assert 1 == len(await parcels(ming))
    await world.restart()
    world.program.parcels.limit = 14_000
    await world.move(minutes=1)
    found = await parcels(ming)
    names = [name for _, archive in found for name in archive.namelist()]
    assert ["data.json", "page.html", *(f"files/{n:06}.bin" for n in range(1, 8))] == names
    assert numbered(len(found)) == [name for name, _ in found]


async def test_nothing_of_it_stays_behind(world, lived, capsys):
    """No file beside the kept ones, and not a word of it in the journal."""
    _, _, ming = lived
    before = sorted(path for path in world.settings.files.rglob("*") if path.is_file())
    capsys.readouterr()
    await ming.sends("/mydata")
    await parcel(ming)
    said = "".join(capsys.readouterr())
    assert "outbox.done" in said
    assert before == sorted(path for path in world.settings.files.rglob("*") if path.is_file())
    for word in ("quiet day", "Cuffs", "cuffs", "patients", "20230101"):
        assert word not in said


async def test_whoever_waits_is_told_of_a_failure(world, monkeypatch):
    """With the number to report; what failed does not count."""
    ann = await world.phone("Ann")
    await ann.sends("/start")

    async def broken(*_: object) -> None:
        raise ValueError("the disk is full")

    monkeypatch.setattr(world.program.parcels, "_begin", broken)
    await ann.sends("/mydata")
    for _ in range(3):
        await world.move(minutes=1)
    assert "could not put your data together" in await ann.reads()
    assert [] == await parcels(ann)
    person = await world.database.read(lambda tx: people.by_telegram_id(tx, ann.id))
    since = world.clock() - timedelta(days=1)
    assert [] == await world.database.read(lambda tx: records.asked(tx, "mydata_parcel", person.id, since=since))


async def test_a_parcel_holds_up_no_letter(world, monkeypatch):
    """While a ZIP is being put together its reader gets everything else."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    person = await world.database.read(lambda tx: people.by_telegram_id(tx, ann.id))
    seen: list[bool] = []
    begin = world.program.parcels._begin

    async def slow(letter, reader, made_at):
        await world.database.transaction(lambda tx: outbox.add(tx, person.id, "help", now=world.clock()))
        world.program.outbox.wake()
        for _ in range(1000):
            await asyncio.sleep(0.005)
            if not await world.database.read(lambda tx: outbox.due(tx, now=world.clock(), limit=1)):
                break
        seen.append("❓" in await ann.reads())
        return await begin(letter, reader, made_at)

    monkeypatch.setattr(world.program.parcels, "_begin", slow)
    await ann.sends("/mydata")
    assert [True] == seen
    assert 1 == len(await parcels(ann))


async def test_the_privacy_notice_leads_there(world):
    """One press beside the notice; the open form goes on."""
    ming = await (await make_school(world)).placed("Ming", "1")
    await ming.sends("/log")
    await ming.sends("/privacy")
    await ming.presses("My data")
    await parcel(ming)
    await ming.sends("Measured.")
    await ming.sends("/menu")
    assert "Continue" in " ".join(await ming.buttons())
