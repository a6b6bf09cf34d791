"""Where the browser is; and what is said, and by whom, where there is none."""

from __future__ import annotations

import os
import shutil
from functools import lru_cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
NOT_RUN = pytest.StashKey[int]()
MISSING = "no browser found: install Chromium or Chrome, or name one in SHIXI_BROWSER"


@lru_cache(maxsize=1)
def find_browser() -> str | None:
    """Return the path of a browser that Playwright can drive."""
    named = os.environ.get("SHIXI_BROWSER", "")
    if named:
        return named if Path(named).is_file() else None
    known = (shutil.which(name) for name in NAMES)
    return next((path for path in (*known, *PLACES) if path and Path(path).is_file()), None)


def required() -> bool:
    """Whether a missing browser is a failure."""
    return os.environ.get("SHIXI_BROWSER_REQUIRED") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the tests of the page out of the run where nothing can show the page."""
    if required() or find_browser():
        return
    without = [item for item in items if FOLDER in item.path.parents]
    if without:
        items[:] = [item for item in items if FOLDER not in item.path.parents]
        config.hook.pytest_deselected(items=without)
        config.stash[NOT_RUN] = len(without)
        if hasattr(config, "workeroutput"):
            config.workeroutput["not_run"] = len(without)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    """Hear from a worker of xdist how many it left out; each of them leaves out the same."""
    left_out = getattr(node, "workeroutput", {}).get("not_run", 0)
    if left_out:
        node.config.stash[NOT_RUN] = left_out


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what did not run."""
    left_out = config.stash.get(NOT_RUN, 0)
    if left_out:
        terminalreporter.write_sep("-", "not run", yellow=True)
        terminalreporter.write_line(f"{left_out} tests of {FOLDER.parent.name}/{FOLDER.name} not run: {MISSING}")
