"""`shixi import` as it is typed: its exit status and every word it says, in both languages."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bot import import_command
from bot.cli import commands
from domain.people import Language
from storage import schools
from storage.database import open_database
from tests.bot.test_tables import JPEG
from tests.conftest import MONDAY

POSTS = "enterprise,title,city,pay,apply_url\nCity Hospital,Nurse,上海,,https://example.org/1\n"


@pytest.fixture
def shixi(tmp_path, monkeypatch):
    """Type a command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "SHIXI_CLOCK_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "SHIXI_TOKEN": "123456:test-token",
        "SHIXI_DATABASE_URL": f"sqlite:///{tmp_path / 'shixi.db'}",
        "LANG": "en_GB.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("bot.cli.set_up_journal", lambda *_told: None)  # it would take over pytest's own

    def run(subject: str, content: bytes | str | None, *options: str) -> Result:
        if content is not None:
            Path("file.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(commands, ["import", subject, "file.csv", *options])

    return run


def add_schools(*names: str) -> None:
    """Schools in the database of the folder."""
    url = f"sqlite:///{Path('shixi.db').absolute()}"

    async def work():
        database = await open_database(url)
        for name in names:
            await database.transaction(
                lambda tx, name=name: schools.school_named(tx, name, time_zone="Asia/Shanghai", now=MONDAY)
            )
        await database.close()

    asyncio.run(work())


def rows(sql: str) -> list[tuple]:
    with sqlite3.connect("shixi.db") as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


def test_posts_without_a_school(shixi):
    """A database that has no school yet takes posts; the second time there is nothing new."""
    first, second = shixi("posts", POSTS), shixi("posts", None)
    assert (0, "file.csv: 1 row\n  new: 1\n  there already: 0\n") == (first.exit_code, first.stdout)
    assert (0, "file.csv: 1 row\n  new: 0\n  there already: 1\n") == (second.exit_code, second.stdout)
    assert "" == first.stderr


BAD = "企业,岗位,备注,薪资（月）,投递链接,名额\n市医院,护士,,3000,,\n,护士,,,,\n市医院,导诊,,,www.x.org,很多\n"


def test_a_report_in_english(shixi):
    """Bad rows are told with their lines and the file's own headings, unknown columns by name; the status is 1."""
    result = shixi("posts", BAD)
    assert 1 == result.exit_code
    assert (
        """file.csv: 3 rows
  new: 1
  there already: 0
  not taken: 2

2 lines were not taken. Please correct them and import the file again; what is in already stays.
  line 3: “企业” is empty.
  line 4: “名额” says “很多”; a whole number from 1 to 999 is needed.

Columns that were not used: “备注”
"""
        == result.stdout
    )


def test_a_report_in_chinese(shixi):
    """The same in Chinese, asked for by an option."""
    assert (
        """file.csv：共3行
  新增：1
  已有，未变：0
  未导入：2

有2行没有导入。改好后再导入一次即可，已导入的不会重复。
  第3行：“企业”没有填写。
  第4行：“名额”写的是“很多”，应为1到999的整数。

没有用到的列：“备注”
"""
        == shixi("posts", BAD, "--language", "zh_Hans").stdout
    )


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Language.CHINESE),
        ({"LANG": "zh_TW"}, Language.CHINESE),
        ({"LANG": "en_US.UTF-8"}, Language.ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, Language.ENGLISH),
        ({"LANG": "C", "LC_ALL": "zh_CN.UTF-8"}, Language.CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, Language.CHINESE),
        ({}, Language.ENGLISH),
    ],
)
def test_the_language_of_the_terminal(monkeypatch, environment, language):
    """Without the option the environment decides, LC_ALL before LANG."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language == import_command.language_of_terminal()


def test_students_of_the_only_school(shixi):
    """Where there is one school it need not be named; new classes are told."""
    add_schools("Riverside College")
    result = shixi("students", "class,number,name\nNursing 2301,20230115,Ann\n")
    assert (
        """file.csv: 1 row
  new: 1
  there already: 0

Good to know:
  line 2: the class “Nursing 2301” is new and has been created.
"""
        == result.stdout
    )
    assert 0 == result.exit_code


def test_a_workbook_of_placements(shixi, tmp_path):
    """The second file of a school: its students' placements, from Excel, in Chinese."""
    add_schools("职业学院")
    shixi("students", "班级,学号,姓名\n护理2301,20230115,张小明\n护理2301,20230116,李红\n")
    book = openpyxl.Workbook()
    for row in (
        ["学号", "姓名", "实习单位", "带教老师", "起始日期", "截止日期"],
        [20230115, "张小明", "市医院", "李老师", MONDAY.date(), "2027年2月7日"],
        [20230116, "李红", "市医院", "李老师", MONDAY.date(), "2027年2月7日"],
        [20230116, "李红", "汽修厂", None, "2027-01-01", "2027-03-01"],
        [20230117, "王强", "市医院", None, "2027-01-01", "2027-03-01"],
        [20230115, "王强", "市医院", None, "2027-03-01", "2027-02-01"],
    ):
        book.active.append(row)
    book.save(tmp_path / "file.csv")
    result = shixi("placements", None, "--language", "zh_Hans", "--school", "职业学院")
    assert (
        """file.csv：共5行
  新增：2
  已有，未变：0
  未导入：3

有3行没有导入。改好后再导入一次即可，已导入的不会重复。
  第4行：李红在2026年11月16日至2027年2月7日已安排在市医院实习。
  第5行：名单里没有学号20230117，请先导入学生名单。
  第6行：结束日期2027年2月1日早于开始日期2027年3月1日。

请留意：
  第2行：已新增企业“市医院”，企业导师可以在聊天里邀请。
  第3行：“李老师”还没有以市医院企业导师的身份加入，实习安排暂无导师。等导师加入后，再导入一次即可。
"""
        == result.stdout
    )
    assert 1 == result.exit_code


def test_which_school(shixi):
    """No school, several of them, or an unknown one: one sentence each, status 2, and nothing is imported."""
    roster = "class,number,name\nNursing 2301,20230115,Ann\n"
    none = shixi("students", roster)
    add_schools("Riverside College", "职业学院")
    several, unknown = shixi("students", roster), shixi("posts", POSTS, "--school", "Lakeside")
    assert [2, 2, 2] == [result.exit_code for result in (none, several, unknown)]
    assert "There is no school yet; this makes the first one: shixi invite coordinator --school NAME\n" == none.stderr
    assert (
        "There are several schools; please choose one with --school: Riverside College · 职业学院\n" == several.stderr
    )
    assert "There is no school “Lakeside”. These are known: Riverside College · 职业学院\n" == unknown.stderr
    assert ([], []) == (rows("SELECT id FROM students"), rows("SELECT id FROM posts"))
    assert 0 == shixi("students", roster, "--school", " 职业学院 ").exit_code


def bomb() -> bytes:
    """A small workbook that grows to 201 MB."""
    with zipfile.ZipFile("bomb", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(201):
                part.write(b" " * 1_000_000)
    return Path("bomb").read_bytes()


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (None, "There is no file file.csv.", "找不到文件 file.csv。"),
        (b"", "file.csv is empty.", "file.csv 是空的。"),
        (
            JPEG,
            "file.csv holds no table; please save the table as .xlsx or as CSV (UTF-8).",
            "file.csv 里没有表格，请把表格存为 .xlsx 或 CSV（UTF-8）。",
        ),
        (
            bomb,
            "file.csv holds over 200 MB once unpacked; please save only the table in a new file.",
            "file.csv 解压后超过200 MB，请只把表格另存为新文件。",
        ),
        (
            POSTS.encode() + "市医院,护士,上海,,\n".encode("gb18030"),
            "file.csv mixes two encodings: line 2 is in UTF-8, line 3 is not. Please save it as CSV (UTF-8) again.",
            "file.csv 混用了两种编码：第2行是 UTF-8，第3行不是。请重新存为 CSV（UTF-8）。",
        ),
        (
            "城市,title\n上海,x\n",
            "file.csv needs these columns as well: “enterprise”.",
            "file.csv 还缺这些列：“企业名称”。",
        ),
        (
            "公司,单位,title\n上海,x\n",
            "In file.csv both “公司” and “单位” stand for “enterprise”; please remove one of the two.",
            "file.csv 里“公司”和“单位”都表示“企业名称”，请删去其中一列。",
        ),
    ],
)
def test_files_that_cannot_be_read(shixi, content, english, chinese):
    """One clear sentence on standard error, nothing on standard output, status 2."""
    content = content() if callable(content) else content
    for language, sentence in (("en", english), ("zh_Hans", chinese)):
        result = shixi("posts", content, "--language", language)
        assert (2, "", sentence + "\n") == (result.exit_code, result.stdout, result.stderr)


def test_a_folder(shixi):
    """A folder is named as one."""
    Path("file.csv").mkdir()
    result = shixi("posts", None)
    assert (2, "file.csv is a folder; please name a file.\n") == (result.exit_code, result.stderr)


def test_control_characters_do_not_reach_the_terminal(shixi):
    """What a file holds cannot turn a terminal's colours or title."""
    many = "".join(f"x,y{number},\n" for number in range(3000))
    result = shixi("posts", f"enterprise,title,apply_url\n{many}x,y,\x1b]0;z\x07\x9b31m\n")
    assert (
        "line 3002: “]0;z31m” in “apply_url” is not a link; it has to begin with http:// or https://." in result.output
    )


def test_as_a_program_of_its_own(shixi, tmp_path):
    """From a shell, in a terminal that knows no Chinese, it ends without a traceback."""
    (tmp_path / "file.csv").write_text(BAD, encoding="gb18030")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "import", "posts", "file.csv"],
        cwd=tmp_path,
        env={"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "iso-8859-1",
             "SHIXI_TOKEN": "123456:test-token", "SHIXI_DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (1, "") == (done.returncode, done.stderr)
    assert "line 3: ???? is empty." in done.stdout
