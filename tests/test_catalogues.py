"""The sentences: both catalogues say the same things, every id is used, and Telegram takes what they say."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from babel.plural import PluralRule

from bot.texts import CatalogueError, all_texts, check_catalogues, join, placeholders, read_catalogue
from domain.people import Language
from simulator.html import parse_html

ROOT = Path(__file__).parent.parent
CATALOGUES = {language: read_catalogue(language)[0] for language in Language}
LOOK_UPS = {"_", "N_", "plain", "plural", "plain_plural", "texts"}
TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}
TAG = re.compile(r"<(/?)([a-z-]+)([^<>]*)>")
IDS = sorted(CATALOGUES[Language.ENGLISH])
ONE = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]\ufe0f?"
EMOJI = re.compile(f"{ONE}(?:\u200d{ONE})*")
LEGENDS = {"mentees.signs", "mentees.signs_school"}  # they explain several signs


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The calls of a module, with the last part of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node


def used_in(folder: str) -> dict[str, set[str]]:
    """Every id that stands in the code as the first argument of a look-up, and how it is looked up."""
    used: dict[str, set[str]] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for name, call in calls(path):
            if name in LOOK_UPS and call.args:
                for constant in constants(call.args[0]):
                    used.setdefault(constant, set()).add(name)
    return used


def constants(node: ast.expr) -> Iterator[str]:
    """The ids of an argument: one, or the two of `a if … else b`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def all_used() -> dict[str, set[str]]:
    used: dict[str, set[str]] = {}
    for folder in ("bot", "handlers"):
        for msgid, how in used_in(folder).items():
            used.setdefault(msgid, set()).update(how)
    return used


USED = all_used()


def sentences() -> list[tuple[Language, str, str]]:
    """Every form of every sentence."""
    return [
        (language, msgid, form)
        for language, catalogue in CATALOGUES.items()
        for msgid, forms in catalogue.items()
        for form in forms
    ]


def test_both_catalogues_have_the_same_ids():
    """Whatever is said in one language is said in the other."""
    english, chinese = (set(CATALOGUES[language]) for language in (Language.ENGLISH, Language.CHINESE))
    assert set() == english ^ chinese


def test_every_id_in_the_code_is_in_the_catalogues():
    """The code looks nothing up that is not there."""
    assert set() == set(USED) - set(IDS)


def test_every_id_of_the_catalogues_is_used():
    """Nothing stands in the catalogues that the code never says."""
    assert set() == set(IDS) - set(USED)


@pytest.mark.parametrize("msgid", IDS)
def test_both_languages_take_the_same_values(msgid):
    """A value that one language shows the other shows too; only `{n}` may go without saying."""
    wanted = frozenset().union(*map(placeholders, CATALOGUES[Language.ENGLISH][msgid])) | {"n"}
    for catalogue in CATALOGUES.values():
        assert wanted == frozenset().union(*map(placeholders, catalogue[msgid])) | {"n"}


def test_no_sentence_is_empty():
    """Every form of every sentence says something."""
    assert [] == [(language, msgid) for language, msgid, form in sentences() if not form.strip()]


def test_values_are_put_in_by_name_alone():
    """A sentence formats nothing by itself: dates and numbers come ready from `Texts`."""
    for _language, msgid, form in sentences():
        for _text, name, spec, conversion in string.Formatter().parse(form):
            assert name is None or (name.isidentifier() and not spec and not conversion), msgid


@pytest.mark.parametrize("language", Language)
def test_plurals_have_the_forms_of_the_language(language):
    """English counts one and many, Chinese does not; what is looked up as a plural is one in both."""
    forms = {Language.ENGLISH: 2, Language.CHINESE: 1}[language]
    path = ROOT / "locales" / language.value / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        plural = {
            message.id[0]: message.string for message in read_po(file, locale=language.value) if message.pluralizable
        }
    assert {} == {msgid: said for msgid, said in plural.items() if len(said) != forms}
    counted = {msgid for msgid, how in USED.items() if how & {"plural", "plain_plural"}}
    assert set() == counted - set(plural)


def test_the_rule_for_english_plurals():
    """One is one; nothing and many are many."""
    _ = all_texts()[Language.ENGLISH]
    assert PluralRule({"one": "n is 1"})(1) == "one"
    assert "in 1 day" == _.plain_plural("time.in_days", 1)
    assert "in 0 days" == _.plain_plural("time.in_days", 0)


def test_tags_are_balanced_and_telegram_knows_them():
    """Each sentence opens and closes its own tags, and only those that Telegram's HTML has."""
    for language, msgid, form in sentences():
        opened: list[str] = []
        for closing, tag, rest in TAG.findall(form):
            assert tag in TAGS, (language, msgid)
            assert not rest or tag == "a", (language, msgid)
            if closing:
                assert opened.pop() == tag, (language, msgid)
            else:
                opened.append(tag)
        assert [] == opened, (language, msgid)


def test_telegram_parses_every_sentence():
    """With values that need escaping, each sentence is HTML that a strict parser takes."""
    for language, texts in all_texts().items():
        for msgid, forms in CATALOGUES[language].items():
            values = {name: "<a & b>" for form in forms for name in placeholders(form) if name != "n"}
            if any(plain_only(how) for how in [USED.get(msgid, set())]):
                continue
            said = texts.plural(msgid, 2, **values) if len(forms) > 1 else texts(msgid, **{"n": 2, **values})
            parse_html(str(join([said])))


def plain_only(how: set[str]) -> bool:
    """Whether a sentence is only said where Telegram takes no HTML."""
    return bool(how) and how <= {"plain", "plain_plural"}


def test_plain_sentences_have_no_tags():
    """Where Telegram takes no HTML, no tag would be shown as text."""
    for language, msgid, form in sentences():
        if USED.get(msgid, set()) & {"plain", "plain_plural"} or msgid.startswith(("button.", "command.")):
            assert not TAG.search(form), (language, msgid)


def toasts() -> set[str]:
    """Ids that answer a press: given as `toast=`, and whatever is refused, since a button may have been pressed."""
    found: set[str] = set()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for name, call in calls(path):
                given = [word.value for word in call.keywords if word.arg == "toast"]
                given += call.args[:1] if name == "Refused" else []
                for argument in given:
                    found |= {constant for node in ast.walk(argument) if isinstance(node, ast.Constant)
                              for constant in constants(node)}  # fmt: skip
    return found & set(IDS)


def test_answers_to_presses_fit_into_a_toast():
    """Telegram shows at most 200 characters on a pressed button; with values of twenty characters they still fit."""
    assert toasts()
    for msgid in toasts():
        for language, catalogue in CATALOGUES.items():
            for form in catalogue[msgid]:
                said = form.format(**dict.fromkeys(placeholders(form), "x" * 12))
                assert len(said) <= 200, (language, msgid, len(said))
                assert not TAG.search(form), (language, msgid)


def test_commands_fit_into_the_menu():
    """Telegram takes descriptions of 1 to 256 characters; more than 40 do not fit on a phone."""
    for language, msgid, form in sentences():
        if msgid.startswith("command."):
            assert len(form) <= 40, (language, msgid)


SPACED = {  # what is typed with a space, and numbers or addresses that are to be copied
    "demo.bot_again",
    "demo.invited",
    "error.ours",
    "join.ask_name_and_number",
    "join.name_and_number_wanted",
}


def test_chinese_has_no_space_beside_names_and_numbers():
    """A space stands between Chinese and Latin words, such as Telegram, /menu or a file; never beside a value."""
    chinese, value = (
        "[\u4e00-\u9fff]",
        r"(?:\{(?!(?:file|url|log|link|address)\})[a-z_]+\}|(?<![-A-Za-z0-9])[0-9]+|</?b>)+",
    )
    wrong = re.compile(rf"{chinese}(?:</b>)? {value}|{value} (?:<b>)?{chinese}")
    said = {msgid: forms[0] for msgid, forms in CATALOGUES[Language.CHINESE].items() if msgid not in SPACED}
    assert [] == [msgid for msgid, form in said.items() if wrong.search(form)]


def test_one_sign_a_line():
    """A line has one emoji as its sign at most."""
    for language, msgid, form in sentences():
        for line in form.splitlines() if msgid not in LEGENDS else ():
            assert len(EMOJI.findall(line)) <= 1, (language, msgid, line)


@pytest.mark.parametrize(
    ("catalogues", "says"),
    [
        ({"a": ("one",)}, "not in both"),
        ({"a": ("one",), "b": ("",)}, "b is empty"),
        ({"a": ("one",), "b": ("two {y}",)}, "b takes other values"),
    ],
)
def test_the_start_fails_on_an_incomplete_catalogue(catalogues, says):
    """A missing, empty or differing sentence stops the program with its id."""
    english = {"a": ("one",), "b": ("two {x}",)}
    with pytest.raises(CatalogueError, match=says):
        check_catalogues({Language.ENGLISH: english, Language.CHINESE: catalogues})
