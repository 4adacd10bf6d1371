"""Real pages in the machine's Chromium; skipped where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from posplugin.console.gate import Gate
from posplugin.console.serve import listen, port_of, serving
from posplugin.console.site import make_site
from posplugin.domain.payment import Terminal
from posplugin.simulator import Simulator
from sample_terminal.web.serve import Counter, open_till
from tests.fixtures.restaurant import set_up
from tests.integration.sender.shop import Shop

#: As the till's own screen has it, and a phone.
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIETLY = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)

#: Opens a console's page, inside: `visit(shop, DESK)`.
Visit = Callable[..., Page]
#: Opens a page for a finger: `touch(PHONE)`.
Touch = Callable[..., Page]


def pytest_itemcollected(item: pytest.Item) -> None:
    """A browser that is closed in the middle of an answer leaves the server a file that only the collector closes."""
    left = "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
    item.add_marker(pytest.mark.filterwarnings(left))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's browser."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine: install one of {', '.join(_NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_QUIETLY))
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own cookies; what its console says of an error fails the test."""
    contexts, errors = [], []

    def open_(size: ViewportSize = DESK, **how: Any) -> Page:
        context = chromium.new_context(viewport=size, locale="nb-NO", **how)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


@pytest.fixture
def shops(tmp_path: Path, go: Simulator) -> Iterator[Callable[..., Shop]]:
    """Open tills: `shops("bar-2", schedule="…")`."""
    opened: list[Shop] = []

    def open_shop(terminal: str = "bar-1", **settings: Any) -> Shop:
        opened.append(Shop(tmp_path / terminal, go, terminal=terminal, **settings))
        return opened[-1]

    yield open_shop
    for shop in opened:
        shop.close()


@pytest.fixture
def shop(shops: Callable[..., Shop]) -> Shop:
    return shops()


@pytest.fixture
def visit(new_page: Callable[..., Page]) -> Iterator[Visit]:
    """Serves the console of a shop, opens its link, and gives the page of the queue."""
    running, pages = [], []

    def enter(shop: Shop, size: ViewportSize = DESK) -> Page:
        bound = listen(0)
        gate = Gate(port_of(bound))
        served = serving(make_site(shop.app, gate), bound)
        served.__enter__()
        running.append(served)
        page = new_page(size, base_url=f"http://127.0.0.1:{gate.port}")
        pages.append(page)
        page.goto(gate.link())
        page.wait_for_url("**/")
        return page

    yield enter
    for page in pages:
        page.context.close()  # before what it may still be asking for is gone
    for served in running:
        served.__exit__(None, None, None)


@pytest.fixture
def touch(chromium: Browser) -> Iterator[Touch]:
    """Opens pages; a test fails when a script of one does, or when a page asks for what it may not load.

    What the till refuses is answered with 409, which Chromium calls an error; that is none here.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_(size: ViewportSize = DESK, **how: Any) -> Page:
        context = chromium.new_context(viewport=size, has_touch=True, is_mobile=size == PHONE, **how)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Security Policy" in said.text else None)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


@contextmanager
def opened(folder: Path, go: Simulator, language: str = "nb") -> Iterator[str]:
    """Open the till; it is set up the first time."""
    config = folder / "posplugin.toml"
    if not config.exists():
        set_up(folder, go, language=language)
    os.environ["POSPLUGIN_CONFIG"] = str(config)
    terminal = Terminal(terminal_id="bar-1", department="bar", language=language)
    said: list[str] = []
    with open_till(Counter(journal=folder / "journal.sqlite3", terminal=terminal, say=said.append)) as address:
        assert said == []
        yield address


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts back, afterwards, where the settings are found."""
    monkeypatch.setenv("POSPLUGIN_CONFIG", "")


@pytest.fixture
def till(tmp_path: Path, go: Simulator, restored: None) -> Iterator[str]:
    with opened(tmp_path, go) as address:
        yield address


def faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page that is serious or worse."""
    found = Axe().run(page).response["violations"]
    grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    return [f"{fault['id']}: {node['html']}" for fault in grave for node in fault["nodes"]]


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)
