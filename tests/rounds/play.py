"""The people's round as a play: one script for both languages, pressed by what the buttons do."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import TOKEN, World
from tests.process import ROOT
from tests.rounds.stage import Actor, Stage


@dataclass(frozen=True)
class Lines:
    """What the people of one language type."""

    code: str
    language: str
    school: str
    boss: str
    tutor: str
    student: str
    other: str
    class_name: str
    specialty: str
    enterprise: str
    city: str
    roster: tuple[tuple[str, str], ...]
    post: tuple[str, str, str, str]
    search: str
    why: str
    week: tuple[str, str, str, str]
    better: str
    reason: str
    praise: str
    notice: str
    stray: str


ENGLISH = Lines(
    code="en",
    language="English",
    school="Riverside College",
    boss="Mary Wang",
    tutor="Li Hua",
    student="Ann Miller",
    other="Ben Carter",
    class_name="Nursing 2301",
    specialty="Nursing",
    enterprise="City Hospital",
    city="Shanghai",
    roster=(("20230115", "Ann Miller"), ("20230116", "Zoe Young")),
    post=("Ward nurse trainee", "Vital signs, hygiene, talking with patients.", "Shanghai", "3000 a month"),
    search="ward",
    why="I like working with people and live nearby.",
    week=(
        "With my tutor I took the blood pressure of six patients, three of them on my own.",
        "Where the cuff sits changes the reading.",
        "My systolic value is always about 5 mmHg below my tutor's. Do I deflate too fast?",
        "Practise infusions.",
    ),
    better="With my tutor I took the blood pressure of six patients; on my own: two sitting, one lying down.",
    reason="Good start. Which three did you do on your own, and how did the patients sit?",
    praise="Good eye on the cuff. Release more slowly: 2 mmHg a second.",
    notice="From 1 December there is a safety training every Monday at 14:00, room 302.",
    stray="Today I was allowed to watch an operation!",
)
CHINESE = Lines(
    code="zh-hans",
    language="中文",
    school="滨江职业技术学院",
    boss="王敏",
    tutor="李华",
    student="张小明",
    other="陈晓",
    class_name="护理2301班",
    specialty="护理",
    enterprise="市第一人民医院",
    city="上海",
    roster=(("20230115", "张小明"), ("20230116", "杨柳")),
    post=("病区护理实习生", "测量生命体征、生活护理、与病人沟通。", "上海", "3000元/月"),
    search="护理",
    why="我喜欢和人打交道，家也住得近。",
    week=(
        "跟着带教老师给6位病人量血压，其中3次是独立完成的。",
        "袖带位置会影响读数。",
        "我测的收缩压总比老师低5 mmHg左右，是放气太快了吗？",
        "练习静脉输液。",
    ),
    better="跟着带教老师给6位病人量血压，其中3次是独立完成的：两位坐着，一位躺着。",
    reason="开头不错。独立完成的是哪三次？病人是什么体位？",
    praise="袖带观察得很细。放气再慢一点，每秒2 mmHg。",
    notice="12月1日起，每周一14:00在302教室开展实习安全培训。",
    stray="今天看了一台手术！",
)


async def play(world: World, lines: Lines, folder: Path) -> Stage:
    """Play the whole round and return the stage with everything written down."""
    stage = Stage(world)
    boss = await stage.actor(lines.boss, "🏫", lines.code)
    tutor = await stage.actor(lines.tutor, "🔧", lines.code)
    student = await stage.actor(lines.student, "🎓", lines.code)
    other = await stage.actor(lines.other, "🧑", lines.code)
    class_link, mentor_link = await set_up(stage, lines, boss, folder)
    await come_in(stage, lines, boss, tutor, student, other, class_link, mentor_link)
    await find_a_post(stage, lines, boss, tutor, other)
    await place(stage, boss)
    await write_a_week(stage, lines, tutor, student)
    await announce(stage, lines, boss, tutor, student, other)
    await look_around(stage, lines, student, boss)
    return stage


async def command_line(world: World, folder: Path, *words: str) -> str:
    """Run `shixi` on the world's database, at the world's time, and return what it prints."""
    offset = (world.clock() - datetime.now(UTC)).total_seconds()
    clock = folder / "clock.json"
    await asyncio.to_thread(clock.write_text, json.dumps({"offset_seconds": offset}), "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=folder,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "SHIXI_TOKEN": TOKEN,
            "SHIXI_API_URL": world.settings.api_url,
            "SHIXI_DATABASE_URL": world.settings.database_url,
            "SHIXI_FILES": str(world.settings.files),
            "SHIXI_CLOCK_FILE": str(clock),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return printed.decode()


async def set_up(stage: Stage, lines: Lines, boss: Actor, folder: Path) -> tuple[str, str]:
    """The command line makes the first link; the coordinator makes the class, the enterprise and their links."""
    stage.scene("1. 学校准备" if lines is CHINESE else "1. The school gets ready")
    language = "zh_Hans" if lines is CHINESE else "en"
    printed = await command_line(
        stage.world, folder, "invite", "coordinator", "--school", lines.school, "--language", language
    )
    stage.lines += [f"```\n$ shixi invite coordinator --school {lines.school}\n{printed.strip()}\n```\n"]
    link = next(word for word in printed.split() if "?start=" in word)
    await boss.opens(link)
    await boss.presses("join.agree")
    await boss.presses("join.keep")
    await boss.presses("join.yes")
    await boss.presses("class.new")
    await boss.types(lines.class_name)
    await boss.types(lines.specialty)
    await boss.presses("new_class.done")
    await boss.presses("invite.class")
    class_link = await boss.link()
    await boss.types("/enterprises")
    await boss.presses("enterprise.new")
    await boss.types(lines.enterprise)
    await boss.types(lines.city)
    await boss.presses("new_enterprise.done")
    await boss.presses("invite.mentor")
    mentor_link = await boss.link()
    roster = folder / "roster.csv"
    table = "\n".join(["班级,学号,姓名", *(f"{lines.class_name},{number},{name}" for number, name in lines.roster)])
    await asyncio.to_thread(roster.write_text, table, "utf-8")
    printed = await command_line(stage.world, folder, "import", "students", roster.name, "--language", language)
    stage.lines += [f"```\n$ shixi import students roster.csv\n{printed.strip()}\n```\n"]
    return class_link, mentor_link


async def come_in(
    stage: Stage,
    lines: Lines,
    boss: Actor,
    tutor: Actor,
    student: Actor,
    other: Actor,
    class_link: str,
    mentor_link: str,
) -> None:
    """The mentor and a student of the roster come in by themselves; another one by the coordinator's yes."""
    stage.scene("2. 加入" if lines is CHINESE else "2. Coming in")
    await student.types("hi")
    await tutor.opens(mentor_link)
    await tutor.presses("join.agree")
    await tutor.presses("join.keep")
    await tutor.presses("join.yes")
    await student.opens(class_link)
    await student.presses("join.agree")
    await student.types(f"{lines.student} {lines.roster[0][0]}")
    await student.presses("join.yes")
    await other.opens(class_link)
    await other.presses("join.agree")
    await other.types(f"{lines.other} 20230199")
    await other.presses("join.yes")
    await boss.presses("join.decide", "yes")


async def find_a_post(stage: Stage, lines: Lines, boss: Actor, tutor: Actor, other: Actor) -> None:
    """The mentor publishes a post; a student finds it and applies; mentor and coordinator say yes."""
    stage.scene("3. 岗位" if lines is CHINESE else "3. A post")
    await tutor.types("/newpost")
    for words in lines.post:
        await tutor.types(words)
    await tutor.presses("post_new.pick")
    for _ in range(3):
        await tutor.presses("post_new.skip")
    await tutor.presses("post_new.done")
    await other.types("/posts")
    await other.types(lines.search)
    await other.presses("post.open")
    await other.presses("apply")
    await other.types(lines.why)
    await other.presses("apply.done")
    await tutor.presses("application.accept")
    await boss.presses("application.confirm")
    await boss.picks_through("application_confirm")


async def place(stage: Stage, boss: Actor) -> None:
    """The coordinator places the other student directly."""
    await boss.types("/students")
    await boss.presses("student")
    await boss.presses("place")
    await boss.picks_through("place")


async def write_a_week(stage: Stage, lines: Lines, tutor: Actor, student: Actor) -> None:
    """A week is written, returned with a reason, corrected and approved; the reminder comes by itself."""
    stage.scene("4. 一周" if lines is CHINESE else "4. A week")
    friday = "时间到了周五17:00" if lines is CHINESE else "Friday 17:00 comes"
    await stage.time_passes(friday, to=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    await student.presses("log.open")
    await student.types(lines.week[0])
    await student.types(lines.week[1])
    await student.sends_photos(3)
    await student.types(lines.week[2])
    await student.types(lines.week[3])
    await student.presses("log.hours", "38")
    await student.presses("log.preview")
    await student.presses("log.submit")
    await tutor.presses("review.ask", "returned")
    await tutor.types(lines.reason)
    await student.presses("log.edit")
    await student.types(lines.better)
    await student.presses("log.submit")
    await tutor.presses("review.approve")
    await tutor.types(lines.praise)
    minute = "过了一分钟" if lines is CHINESE else "A minute passes"
    await stage.time_passes(minute, minutes=2)
    await student.types("/feedback")


async def announce(stage: Stage, lines: Lines, boss: Actor, tutor: Actor, student: Actor, other: Actor) -> None:
    """The coordinator announces, watches it arrive, sees who has not handed in and reminds them."""
    stage.scene("5. 通知与未交" if lines is CHINESE else "5. An announcement, and who is missing")
    await boss.types("/announce")
    await boss.types(lines.notice)
    await boss.presses("announce.send")
    await student.presses("announcement.ack")
    await stage.time_passes("几秒后" if lines is CHINESE else "A few seconds later", seconds=10)
    await boss.types("/missing")
    await boss.presses("missing.remind")


async def look_around(stage: Stage, lines: Lines, student: Actor, boss: Actor) -> None:
    """Free text finds a place; settings, help and privacy are one command away, in either language."""
    stage.scene("6. 其他" if lines is CHINESE else "6. All the rest")
    await stage.time_passes(
        "新的一周" if lines is CHINESE else "The next week", to=datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    )
    await student.types(lines.stray)
    await student.presses("moment.keep", "learned")
    await student.types("/settings")
    await student.presses("settings.language")
    await student.presses("settings.language")
    await student.types("/help")
    await student.types("/privacy")
    await boss.types("/help")
