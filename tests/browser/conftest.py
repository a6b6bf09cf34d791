"""One browser for a worker's tests; a demo and a page for each of them.

The browser outlives a test, so these tests share an event loop: `pytest.mark.asyncio(loop_scope="session")`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.demos import Demo, run_demo
from tests.browser.found import MISSING, find_browser
from tests.browser.handset import Desk

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 20_000  # milliseconds; two workers share two cores with browsers and bots
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
WIDE = (1440, 900)
Opened = Callable[..., AbstractAsyncContextManager[tuple[Demo, Desk]]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail(MISSING)
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        await browser.close()


@asynccontextmanager
async def open_page(browser: Browser, url: str, code: str, size: tuple[int, int] = WIDE) -> AsyncIterator[Desk]:
    """Open the three phones; whatever the console complained of fails the test at its end."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=LOCALES[code],
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        color_scheme="light",
    )
    context.set_default_timeout(PATIENCE)
    try:
        desk = Desk(await context.new_page(), code)
        await desk.page.goto(url)
        for phone in desk.phones:
            await phone.is_there()
        yield desk
        assert [] == desk.troubles
    except BaseException:
        await desk.picture("failure")
        raise
    finally:
        await context.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Opened:
    """Start a demo and open its page: `async with opened("zh", "--empty") as (demo, desk)`."""

    @asynccontextmanager
    async def opened(code: str, *words: str, size: tuple[int, int] = WIDE) -> AsyncIterator[tuple[Demo, Desk]]:
        async with run_demo(tmp_path, code, *words) as demo, open_page(browser, demo.url, code, size) as desk:
            yield demo, desk

    return opened
