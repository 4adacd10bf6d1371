"""Real pages in the machine's Chromium; skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from posplugin.console.gate import Gate
from posplugin.console.serve import listen, port_of, serving
from posplugin.console.site import make_site
from posplugin.simulator import Simulator
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
        page.set_default_timeout(10_000)
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


def faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page that is serious or worse."""
    found = Axe().run(page).response["violations"]
    grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    return [f"{fault['id']}: {node['html']}" for fault in grave for node in fault["nodes"]]


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)
