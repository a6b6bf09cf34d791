"""What people may write and press: fitting answers, slips, nonsense, and data that no button of ours carries."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

# Answers that fit one form or another, so that a random walk comes through them.
FITTING = (
    "Measured blood pressure, six patients, three of them alone.",
    "How do I hold the needle?",
    "38", "37.5 h", "0", "101", "12 weeks", "today", "tomorrow", "yesterday", "2026-12-01", "Sunday", "end of month",
    "下周一", "明天", "3周", "30 Feb", "2020-01-01", "2199-12-31", "Sun 20:00", "周日20:00", "Mon 08:00", "8:30 pm",
    "25:61", "Europe/Berlin", "berlin", "上海", "Nan 20230199", "20230199", "Ann 20230001", "Ben", "王小明 20230115",
    "City Hospital", "Nursing 2301", "Nursing", "-", "no", "skip", "/skip", "3", "999", "1000000000", "yes", "Shenzhen",
    "￥3000", "https://example.org/apply", "Nurse", "护士", "１２", "Ms Li",
)  # fmt: skip
# By the step of a form, what fits; for all others anything of `FITTING`.
BY_STEP = {
    "hours": ("38", "101", "40 h"),
    "start": ("today", "next Monday", "2026-12-01", "2020-01-01"),
    "end": ("12 weeks", "end of month", "2026-11-20", "30 Feb"),
    "last": ("today", "tomorrow", "yesterday", "2026-11-16"),
    "starts_on": ("2026-12-01", "tomorrow"),
    "ends_on": ("12 weeks", "yesterday"),
    "apply_by": ("2026-12-20", "tomorrow", "yesterday"),
    "places": ("3", "0", "1000"),
    "due": ("Sun 20:00", "Mon 08:00", "周五18:00"),
    "zone": ("Berlin", "上海", "Nowhere"),
    "minimum": ("10", "0", "5000"),
    "who": ("Nan 20230199", "Ann 20230001", "Zoe 20239999", "Lin Yi"),
    "time": ("18:30", "8点半", "25:00"),
}
ODD = (
    "", " ", "\u200b", "\u200b\u200b\u2060", "\u00a0", "\ufeff", ".", "\n\n\n", "a" * 4096, "长" * 4096, "x" * 2001,
    "<b>bold", "</b>&amp;&lt;<script>alert(1)</script>", "<a href='tg://user?id=1'>x</a>", "&",
    "{name} %s %(name)s {0}",
    "\u202etxet desrever\u202c", "שלום עולם", "👩‍⚕️🏥🇨🇳", "😀" * 1000, "e\u0301" * 500, "ﷺ" * 300,
    "'; DROP TABLE logs; --",
    "=1+1", "@shixi_bot", "/", "//", "/log@other_bot", "/log@shixi_bot", "/LOG", "/ log", "/start", "/start x",
    "/start " + "A" * 22, "/start\u200b", "/nosuch", "/log " + "y" * 3000, "\x00", "\x01\x02", "NaN", "1e9", "-5", "٣٨",
    "2026-13-45", "0000-00-00", "9999-12-31", "1 week" * 50, "null", "[]", "{}", "0.0.0", "\\", "%", "_", "*", '"',
)  # fmt: skip
COMMANDS = (
    "/start", "/menu", "/log", "/moments", "/feedback", "/placement", "/queue", "/missing", "/announce", "/students",
    "/classes", "/enterprises", "/posts", "/applications", "/newpost", "/settings", "/language", "/help", "/privacy",
    "/sos", "/mydata", "/cancel",
)  # fmt: skip


def fitting(step: str, chance: Random) -> str:
    """Return an answer to what is asked at a step of a form, sometimes one that is refused."""
    return chance.choice(BY_STEP.get(step, FITTING))


texts = st.one_of(
    st.sampled_from(FITTING),
    st.sampled_from(FITTING),
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)
commands = st.sampled_from(COMMANDS)
numbers = st.one_of(
    st.integers(0, 12).map(str),
    st.sampled_from(
        ["-1", "", "1.5", "9" * 15, "9" * 16, "9" * 19, "2147483648", "9223372036854775808", "１", "0x1", " 1"]
    ),
)
rests = st.one_of(
    st.integers(0, 12).map(str),
    st.sampled_from(
        ["", "x", "0", "-1", "p0", "a0", "0.0", "1.99", "99999999999", "open.0", "lost.-1", "yes.same", "no", "yes",
         "ready", "done", "answer", "plan", "photos", "hours", "2026-11-16", "2026-11-17", "0001-01-01", "9999-12-27",
         "16-11-2026", "everyone", "missing", "colleagues", "declined", "refused", "suspend", "remove", "free", "back",
         "keep", "log", "review", "join", "announcing", "settings", "post_new", "place",
         "\x00", "é", "名", ":", "::", "a.b.c", "38 h"]
    ),
)  # fmt: skip


def forged(verbs: list[str]) -> st.SearchStrategy[str]:
    """Data of at most 64 bytes: a known verb with whatever behind it, or anything at all."""
    ours = st.builds(lambda *parts: ":".join(parts), st.sampled_from(verbs), numbers, numbers, rests)
    anything = st.one_of(st.text(max_size=30), st.sampled_from(["", ":", ":::", "home", "home:0:0", "x" * 64]))
    return st.one_of(ours, ours, ours, anything).map(_cut)


def _cut(data: str) -> str:
    return data.encode("utf-8", "ignore")[:64].decode("utf-8", "ignore")
