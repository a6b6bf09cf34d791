"""Scenes around posts: some come from a file, one from the mentor; one answer is a no, one a yes."""

from __future__ import annotations

from tests.rounds.cast import Cast


async def find_a_post(cast: Cast) -> None:
    """A student applies twice: the school declines with a reason; then mentor and coordinator say yes."""
    lines, boss, tutor, other = cast.lines, cast.boss, cast.tutor, cast.other
    cast.scene(5, "岗位", "Posts")
    title, search = lines.assistant
    await cast.imports(
        "posts",
        "enterprise,title,city,pay,apply_url",
        f"{lines.enterprise},{title},{lines.city},2800,",
        f",{title},,,",
    )
    await tutor.types("/newpost")
    for words in lines.post:
        await tutor.types(words)
    await tutor.presses("post_new.pick")
    for _ in range(3):
        await tutor.presses("post_new.skip")
    await tutor.presses("post_new.done")
    await other.types("/posts")
    await other.types(search)
    await other.presses("post.open")
    await other.presses("apply")
    await other.presses("apply.skip")
    await other.presses("apply.done")
    await boss.presses("application.no", "declined")
    await boss.types(lines.no)
    await other.types("/posts")
    await other.types(lines.search)
    await other.chooses("post.open", lines.post[0])
    await other.presses("apply")
    await other.types(lines.why)
    await other.presses("apply.done")
    await tutor.presses("application.accept")
    await boss.presses("application.confirm")
    await boss.picks_through("application_confirm")
