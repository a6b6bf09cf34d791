"""Scenes of the school: it gets ready, people come in, an account moves, placements are made and changed."""

from __future__ import annotations

from tests.rounds.cast import Cast


async def set_up(cast: Cast) -> tuple[str, str, str]:
    """The command line makes the first link; the coordinator makes class and enterprise, and withdraws a link."""
    lines, boss = cast.lines, cast.boss
    cast.scene(1, "学校准备", "The school gets ready")
    words = ("invite", "coordinator", "--school", lines.school, "--language", cast.language)
    printed = await cast.shixi(*words)
    await boss.opens(next(word for word in printed.split() if "?start=" in word))
    for verb in ("join.agree", "join.keep", "join.yes", "class.new"):
        await boss.presses(verb)
    await boss.types(lines.class_name)
    await boss.types(lines.specialty)
    await boss.presses("new_class.done")
    await boss.presses("invite.class")
    withdrawn = await boss.link()
    await boss.presses("invitation.sure")
    await boss.presses("invitation.revoke")
    await boss.presses("invite.class")
    class_link = await boss.link()
    await boss.types("/enterprises")
    await boss.presses("enterprise.new")
    await boss.types(lines.enterprise)
    await boss.types(lines.city)
    await boss.presses("new_enterprise.done")
    await boss.presses("invite.mentor")
    mentor_link = await boss.link()
    rows = [f"{lines.class_name},{number},{name}" for number, name in lines.roster]
    await cast.imports("students", "班级,学号,姓名", *rows)
    return class_link, mentor_link, withdrawn


async def come_in(cast: Cast, class_link: str, mentor_link: str, withdrawn: str) -> None:
    """Mentors and students of the roster come in by themselves; somebody else by the coordinator's yes."""
    lines, boss, other = cast.lines, cast.boss, cast.other
    cast.scene(2, "加入", "Coming in")
    await cast.student.types("hi")
    await cast.tutor.opens(mentor_link)
    for verb in ("join.agree", "join.keep", "join.yes"):
        await cast.tutor.presses(verb)
    await cast.student.opens(class_link)
    await cast.student.presses("join.agree")
    await cast.student.types(f"{lines.student} {lines.roster[0][0]}")
    await cast.student.presses("join.yes")
    await other.opens(class_link)
    await other.presses("join.agree")
    await other.types(f"{lines.other} 20230199")
    await other.presses("join.yes")
    await boss.presses("join.decide", "yes")
    await cast.spare.opens(withdrawn)
    await cast.spare.opens(class_link)
    await cast.spare.presses("join.agree")
    await cast.spare.types(f"{lines.roster[1][1]} {lines.roster[1][0]}")
    await cast.spare.presses("join.yes")
    await boss.types("/enterprises")
    await boss.presses("enterprise")
    await boss.presses("invite.mentor")
    await cast.deputy.opens(await boss.link())
    for verb in ("join.agree", "join.keep", "join.yes"):
        await cast.deputy.presses(verb)


async def look_after_accounts(cast: Cast, class_link: str) -> None:
    """A student is suspended and let in again, and moves to a new phone with everything."""
    number, name = cast.lines.roster[1]
    boss = cast.boss
    cast.scene(3, "学生账号", "A student's account")
    await open_student(cast, name)
    await boss.presses("student", "suspend")
    await boss.presses("student.do", "suspend")
    await cast.spare.types("/posts")
    await boss.presses("student.do", "readmit")
    await boss.presses("student", "free")
    await boss.presses("student.do", "free")
    await cast.phone.opens(class_link)
    await cast.phone.presses("join.agree")
    await cast.phone.types(f"{name} {number}")
    await cast.phone.presses("join.yes")


async def place(cast: Cast) -> None:
    """One student is placed in the chat, one from a file, whose mentor then changes and whose end comes early."""
    lines, boss = cast.lines, cast.boss
    number, name = lines.roster[1]
    cast.scene(4, "实习安排", "Placements")
    await open_student(cast, lines.student)
    await boss.presses("place")
    await boss.picks_through("place")
    await cast.imports(
        "placements",
        "学号,姓名,企业,导师,开始日期,结束日期",
        f"{number},{name},{lines.enterprise},{lines.deputy},2026-11-16,2027-02-05",
    )
    await cast.time_passes("几秒后", "A few seconds later", seconds=5)
    await open_student(cast, name)
    await boss.presses("placement.mentors")
    await boss.chooses("placement.mentor", lines.tutor)
    await boss.presses("placement.end")
    await boss.presses("placement_end.pick")
    await boss.types(lines.why_ended)
    await boss.presses("placement_end.done")


async def open_student(cast: Cast, name: str) -> None:
    """Open somebody's card from the list."""
    await cast.boss.types("/students")
    await cast.boss.chooses("student", name)
