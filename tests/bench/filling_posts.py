"""Internship posts by the thousand, in Chinese, with words of which some are in every tenth post and some in few."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from domain.posts import same_key
from storage import search

if TYPE_CHECKING:
    from storage.database import Transaction

# A word is in every tenth post, another one in every hundredth, and so on; the last is what the others are about.
RARE = ((10, "护理"), (100, "数控"), (1000, "电商"), (10_000, "口腔"))
PLACES = ("病房", "车间", "前台", "仓库", "门店", "实验室", "客服", "食堂", "机房", "幼儿园", "养老院")
TASKS = "在带教老师指导下完成日常工作，记录数据，整理资料，参加每周例会，遵守岗位安全规范。"
CITIES = ("广州", "深圳", "佛山", "东莞", "珠海", "中山", "惠州", "成都", "重庆", "杭州", "苏州", "武汉", "西安")


def _title(number: int) -> str:
    trade = next((word for every, word in reversed(RARE) if number % every == 0), "物流" if number % 3 else "装配")
    return f"{trade}{PLACES[number % len(PLACES)]}实习生 {number}"


async def fill_posts(tx: Transaction, count: int, enterprises: list[tuple[int, str]], now: datetime) -> None:
    """Write posts that everybody at a school may see, and what they are found by."""
    rows = []
    for number in range(count):
        enterprise_id, enterprise = enterprises[number % len(enterprises)]
        title, city = _title(number), CITIES[number % len(CITIES)]
        key = same_key(None, enterprise, title, city)
        rows.append({"enterprise": enterprise_id, "title": title, "city": city, "same_key": key, "now": now})
    await tx.many(
        f"""INSERT INTO posts (enterprise_id, is_public, title, tasks, city, pay, same_key, state, created_at)
        VALUES (:enterprise, TRUE, :title, '{TASKS}', :city, '2500', :same_key, 'open', :now)""",
        rows,
    )
    names = dict(enterprises)
    there = await tx.all("SELECT id, enterprise_id, title, city FROM posts ORDER BY id")
    tongue = search._TONGUES[tx.kind]
    await tx.many(
        f"INSERT INTO posts_search ({tongue.id}, words) VALUES (:id, {tongue.value})",
        [
            {
                "id": row["id"],
                "words": tongue.kept(
                    search.terms("\n".join((row["title"], row["city"], names[row["enterprise_id"]], TASKS)))
                ),
            }
            for row in there
        ],
    )
