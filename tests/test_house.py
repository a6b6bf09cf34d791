"""The house keeps its order: who may import whom, where Telegram and SQL live, how long a module may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers import ROOMS

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "domain", "handlers", "locales", "simulator", "storage")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))

# What a folder may import of ours: the table of the design.
MAY_IMPORT: dict[str, set[str]] = {
    "domain": {"domain"},
    "storage": {"storage", "domain"},
    "locales": set(),
    "handlers": {"handlers", "storage", "domain", "bot.context", "bot.texts", "bot.send", "bot.split", "bot.routes"},
    "bot": {"bot", "domain", "storage", "locales"},
    "simulator": {"simulator"},
}
# Modules, or folders of them, that may import more than their folder, and why.
ALSO: dict[str, set[str]] = {
    "bot/app.py": {"handlers"},  # the wiring lets every room register itself
    "bot/demo/cast.py": {"handlers.access"},  # the demo's people have agreed to the notice
    "bot/demo/command.py": {"simulator"},  # the command `demo`
    "bot/demo/events.py": {"handlers.application_cards"},  # the cards that an application's people have
    "bot/demo/stage.py": {"simulator"},  # where the past of the demo is played
    "bot/cli.py": {"handlers", "simulator"},  # the commands `invite`, `import`, `simulate` and `demo`
    "bot/demo/": {"handlers", "simulator"},  # the command `demo` lets people of every room act on a simulator
}
TELEGRAM_LIVES_IN = {"bot", "handlers"}
DRIVERS = {"sqlite3", "asyncpg"}
LONGEST = 300  # lines; each longer module is named here with its reason
LONGER: dict[str, str] = {}

# Chinese stands in the catalogues and in data. In Python it is only allowed where people's own words are read: the
# characters with which somebody types a time or a day are an alphabet, not a sentence that anybody is told.
READS_CHINESE = {
    "bot/tables.py": "the bounds of the ideographs, to measure columns of a terminal",
    "domain/days.py": "days, months and lengths as people type them",
    "domain/deadlines.py": "weekdays and times as people type them",
    "domain/hours.py": "hours as people type them",
    "domain/imports.py": "numbers with their measure word as tables have them",
    "domain/receipts.py": "what people write before the number of a log",
    "domain/roster.py": "the labels that people write before their name and number",
    "domain/times.py": "times of day as people type them",
    "storage/search.py": "the bounds of the ideographs, which are cut into pairs",
}
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, for types too; of `from a import b` both `a` and `a.b`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def allowed(imported: str, may: set[str]) -> bool:
    return any(imported == name or imported.startswith(f"{name}.") for name in may)


def ids(paths: list[Path]) -> list[str]:
    return [name_of(path) for path in paths]


@pytest.mark.parametrize("path", MODULES, ids=ids(MODULES))
def test_imports_keep_to_the_table(path):
    """Each folder imports only what the design's table allows."""
    folder = name_of(path).split("/")[0]
    may = MAY_IMPORT[folder].union(*(more for where, more in ALSO.items() if name_of(path).startswith(where)))
    if folder == "handlers":  # of `from bot import texts` both names are seen: the folder alone brings nothing
        may = may | {"bot.context", "bot.texts"}
    ours = {name for name in imports_of(path) if name.split(".")[0] in {*FOLDERS, "tests"}}
    whole = {name for name in ours if any(other.startswith(f"{name}.") and allowed(other, may) for other in ours)}
    assert set() == {name for name in ours - whole if not allowed(name, may)}


@pytest.mark.parametrize("path", MODULES, ids=ids(MODULES))
def test_telegram_and_sql_stay_in_their_rooms(path):
    """Only bot/ and handlers/ know Telegram, only storage/ knows a database driver."""
    name, top = name_of(path), {imported.split(".")[0] for imported in imports_of(path)}
    folder = name.split("/")[0]
    assert folder in TELEGRAM_LIVES_IN or "telegram" not in top
    assert folder == "storage" or not top & DRIVERS


@pytest.mark.parametrize("path", MODULES, ids=ids(MODULES))
def test_background_work_lives_in_bot(path):
    """A task is only started in bot/, by the writer of a database and by the simulator, and there somebody holds it."""
    tree = tree_of(path)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in {"create_task", "ensure_future"}:
            assert name_of(path).startswith(("bot/", "simulator/")) or name_of(path) == "storage/writer.py"
            grouped = isinstance(node.func.value, ast.Name) and node.func.value.id in {"group", "tasks"}
            assert grouped or id(node) not in bare, "nobody holds this task"


@pytest.mark.parametrize("path", MODULES, ids=ids(MODULES))
def test_sentences_are_in_the_catalogues(path):
    """No Chinese stands in the program's own words; where typed words are read, the module is named above."""
    tree = tree_of(path)
    described = {id(docstring) for docstring in docstrings(tree)}
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described
        if CHINESE.search(node.value)
    ]
    if name_of(path) in READS_CHINESE:
        assert found, "this module needs no exception any more"
    elif name_of(path) in SPEAKS_CHINESE:
        assert 1 == len(found)
    else:
        assert [] == found


SPEAKS_CHINESE = {"bot/cli.py": "the product's name in the help of the command line"}


def docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


@pytest.mark.parametrize("path", MODULES, ids=ids(MODULES))
def test_no_module_is_too_long(path):
    """A module of over 300 lines has its reason in the list above."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST or name_of(path) in LONGER
    assert name_of(path) not in LONGER or lines > LONGEST, "this module needs no exception any more"


@pytest.mark.parametrize("path", MODULES, ids=ids(MODULES))
def test_every_module_says_what_it_is_for(path):
    """A module begins with a docstring; the empty ones of a folder may be empty."""
    tree = tree_of(path)
    assert not tree.body or ast.get_docstring(tree)


INSIDE = [path for path in MODULES if name_of(path).startswith(("handlers/", "domain/"))]


@pytest.mark.parametrize("path", INSIDE, ids=ids(INSIDE))
def test_only_the_clock_tells_the_time(path):
    """Rooms and rules get `now`; neither asks the machine."""
    asks = {"now", "utcnow", "today"}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in asks:
            assert not (isinstance(node.func.value, ast.Name) and node.func.value.id in {"datetime", "date"})
    assert "time.time" not in set(imports_of(path))


def registers_it(text: str, name: str) -> bool:
    """Whether a module registers another, by itself or as one of its parts."""
    return f"{name}.register(" in text or ("part.register(" in text and bool(re.search(rf"[(\s]{name}[,)]", text)))


def test_every_room_is_registered_once():
    """What registers something is a room, or registered by one; the fallback is the last."""
    rooms = [room.__name__ for room in ROOMS]
    texts = {
        name_of(path).removesuffix(".py").replace("/", "."): path.read_text(encoding="utf-8")
        for path in (ROOT / "handlers").glob("*.py")
    }
    registers = {name for name, text in texts.items() if "\ndef register(routes: Routes)" in text}
    by_another = {name for name in registers if any(registers_it(text, name.split(".")[1]) for text in texts.values())}
    assert registers - by_another == set(rooms)
    assert len(rooms) == len(set(rooms))
    assert "handlers.fallback" == rooms[-1]
