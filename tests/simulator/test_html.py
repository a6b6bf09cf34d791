"""The HTML parser, against the cases that TDLib tests its own parser with."""

import pytest

from simulator.errors import ApiError
from simulator.html import parse_html

REFUSED = [
    ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
    ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
    ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
    (
        "🏟 🏟&lt;<i    aba>",
        'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13',
    ),
    ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
    ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;>", "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
    ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
    ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
    ("🏟 🏟&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
    ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
    ("<b>unclosed", 'Can\'t find end tag corresponding to start tag "b"'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<kahn@inbox.ru>", 'Unsupported start tag "kahn@inbox.ru" at byte offset 0'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="9999999999999999999">x</tg-emoji>', "Invalid custom emoji identifier specified"),
    (
        "&#57311;",
        (
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        ),
    ),
]
READ = [
    ("", "", []),
    ("➡️ ➡️", "➡️ ➡️", []),
    ("&lt;&gt;&amp;&quot;&laquo;&raquo;&#12345678;", '<>&"&laquo;&raquo;&#12345678;', []),
    ("&#39;&#x4F60;", "'你", []),
    ("➡️ ➡️<i>➡️ ➡️</i><b>➡️ ➡️</b>", "➡️ ➡️➡️ ➡️➡️ ➡️", [("italic", 5, 5), ("bold", 10, 5)]),
    ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [("italic", 5, 6)]),
    ("🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>", "🏟 🏟🏟 ><🏟", [("bold", 9, 3), ("italic", 5, 7)]),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.   >a</i>", "🏟 🏟<a", [("italic", 6, 1)]),
    ("🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;'>a</>", "🏟 🏟<a", [("italic", 6, 1)]),
    ("🏟 🏟&lt;<b></b>", "🏟 🏟<", []),
    ("<ins>a</ins><del>b</del>", "ab", [("underline", 0, 1), ("strikethrough", 1, 1)]),
    (
        '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
        "ab",
        [("spoiler", 0, 1), ("spoiler", 1, 1)],
    ),
    ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ("<a> </a>", " ", []),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_refuses_what_telegram_refuses_in_its_words(source: str, reason: str) -> None:
    """Broken markup is refused with the description and byte offset that TDLib gives."""
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert f"Bad Request: can't parse entities: {reason}" == refusal.value.description


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_reads_text_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    """Text and entities come out with UTF-16 offsets."""
    plain, found = parse_html(source)
    assert (text, entities) == (plain, [(e["type"], e["offset"], e["length"]) for e in found])


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("<a href=telegram.org>x</a>", "http://telegram.org/"),
        ("<a   href=  'telegram.org?&lt;'   >x</a>", "http://telegram.org/?<"),
        ("<a>https://telegram.org/asdsa?asdasdwe#12e3we</a>", "https://telegram.org/asdsa?asdasdwe#12e3we"),
    ],
)
def test_links_are_normalised(source: str, url: str) -> None:
    """A link gets scheme and path as Telegram writes them."""
    assert url == parse_html(source)[1][0]["url"]


def test_code_with_a_language_is_one_entity() -> None:
    """A language on <code> right inside <pre> belongs to the pre entity."""
    _, entities = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert [{"type": "pre", "offset": 0, "length": 5, "language": "python"}] == entities
