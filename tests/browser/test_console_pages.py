"""Runs, settlements and customers in a real browser: sent now, taken back, linked; at a desk and on a phone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from posplugin.app import App
from posplugin.domain.customer import Customer
from posplugin.domain.payment import PaymentRef
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.browser.conftest import DESK, PHONE, Visit, faults, overflow
from tests.integration.sender.shop import OpenShop, Shop, settling

LONG = ("X" * 300, "Vestlandske Sjømatrestauranters Innkjøpssamvirke " * 6)
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture
def busy(shops: OpenShop, go: Simulator) -> Shop:
    """Sent: 1001 and Z 41; held back: 1002, Z 42 which names what is not here, and Z 43 which does not add up."""
    shop = settling(shops)
    shop.sell("1001", {25: 24000, 15: 6000})
    shop.sell("1002", 4500, customer=10003)
    go.archive_customer(10003)
    shop.close_day(41)
    shop.send()
    shop.close_day(42, invoiced=(PaymentRef("bar-1", "s999", "1"),))
    shop.close_day(43, paid={"card": 123, "Kaffekort <b>": 1})
    shop.send()
    shop.app.customers.link("K-99", 99999, "technician")
    return shop


@pytest.mark.parametrize("size", SIZES)
def test_what_waits_is_sent_now_with_its_progress_in_sight(
    busy: Shop, visit: Visit, size: ViewportSize, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, send = threading.Event(), App.send

    def slow(self: App, cause: str, **how: Any) -> Any:
        how["progress"](3, 7)
        released.wait(20)
        return send(self, cause, **how)

    monkeypatch.setattr(App, "send", slow)
    busy.sell("1003")
    page = visit(busy, size)
    page.get_by_role("link", name="Kjøringer").click()
    page.get_by_role("button", name="Send nå").click()
    try:
        expect(page.get_by_role("progressbar", name="Sender")).to_have_attribute("value", "3")
        expect(page.get_by_text("3 av 7")).to_be_visible()
        expect(page.get_by_role("button", name="Send nå")).to_be_disabled()
        assert faults(page) == []
    finally:
        released.set()

    expect(page.get_by_text("1 levert, 0 venter, 3 trenger et menneske.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="For hånd").first).to_contain_text("Ferdig")
    assert busy.record("1003").status is Status.DELIVERED


def test_what_would_be_sent_is_seen_first(busy: Shop, visit: Visit) -> None:
    busy.sell("1003")
    page = visit(busy)
    page.goto("/runs")
    page.get_by_role("button", name="Se hva som ville blitt sendt").click()
    expect(page.get_by_text("1 ville blitt sendt, 0 ikke. Ingenting er sendt.")).to_be_visible()
    page.get_by_text("Forespørselen").click()
    expect(page.locator("pre").first).to_contain_text('"CustomerNo": 10002,')
    assert faults(page) == []
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Runs")
    assert busy.record("1003").status is Status.PENDING


@pytest.mark.parametrize("size", SIZES)
def test_a_settlement_is_reversed_and_posted_anew(busy: Shop, visit: Visit, size: ViewportSize) -> None:
    page = visit(busy, size)
    page.get_by_role("link", name="Dagsoppgjør").click()
    page.get_by_role("link", name="Z 41").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dagsoppgjør Z 41")
    expect(page.get_by_text("Diff 0,00")).to_be_visible()
    page.get_by_text("Tilbakefør i PowerOffice").click()
    page.get_by_role("button", name="Tilbakefør", exact=True).click()
    assert busy.record("Z 41").status is Status.DELIVERED  # the browser asks why

    page.get_by_label("Hvorfor").fill("tipset sto på feil konto")
    page.get_by_label("Før det på nytt ved neste kjøring").check()
    page.get_by_role("button", name="Tilbakefør", exact=True).click()
    expect(page.get_by_text("Bilaget er tilbakeført i PowerOffice.")).to_be_visible()
    expect(page.locator(".head .pill")).to_have_text("…Venter")
    busy.send()
    page.reload()
    expect(page.locator(".head .pill")).to_have_text("✓Levert")


def test_a_mismatch_is_accepted_with_a_reason(busy: Shop, visit: Visit) -> None:
    page = visit(busy)
    page.goto("/settlements")
    page.get_by_role("link", name="Z 42").click()
    expect(page.get_by_text("bar-1/s999/1")).to_be_visible()
    page.get_by_text("Godta Z-en slik den er").click()
    page.get_by_label("Hvorfor er Z-en riktig").fill("nota 999 ble slått inn to ganger")
    page.get_by_role("button", name="Godta").click()
    expect(page.get_by_text("Godtatt. Oppgjøret går videre ved neste kjøring.")).to_be_visible()
    assert busy.record("Z 42").status is Status.PENDING


@pytest.mark.parametrize("size", SIZES)
def test_a_customer_is_found_linked_and_unlinked(busy: Shop, visit: Visit, size: ViewportSize) -> None:
    page = visit(busy, size)
    page.get_by_role("link", name="Kunder").click()
    page.get_by_label("Søk").fill("havne")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Bergen Havnelag AS").click()
    page.get_by_label("Id i kassen").fill("K-17")
    page.get_by_role("button", name="Koble til").click()
    expect(page.get_by_text("K-17 er koblet til 10002 Bergen Havnelag AS.")).to_be_visible()
    assert busy.app.customers.linked("K-17") == 10002

    page.get_by_role("button", name="Fjern koblingen til K-17").click()
    expect(page.get_by_text("K-17 er ikke koblet lenger.")).to_be_visible()
    assert busy.app.customers.linked("K-17") is None


def test_what_is_agreed_with_a_customer_is_set(busy: Shop, visit: Visit) -> None:
    page = visit(busy)
    page.goto("/customers/10002")
    page.get_by_label("Egen grense").check()
    page.get_by_label("Grense i kroner").fill("100,00")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Lagret.")).to_be_visible()
    expect(page.get_by_text("Over grensen")).to_be_visible()


def test_customers_are_read_anew(busy: Shop, go: Simulator, visit: Visit) -> None:
    page = visit(busy)
    page.goto("/customers")
    page.get_by_label("Alle på nytt").check()
    page.get_by_role("button", name="Hent kunder nå").click()
    expect(page.get_by_text("10 kunder lest; 10 i kundelisten.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="10003")).to_contain_text("Avvises: arkivert")


@pytest.mark.parametrize(
    ("language", "size"),
    [pytest.param("Norsk bokmål", PHONE, id="nb-phone"), pytest.param("English", DESK, id="en-desk")],
)
def test_no_page_is_wider_than_its_window_or_gravely_hard_to_use(
    busy: Shop, visit: Visit, size: ViewportSize, language: str
) -> None:
    page: Page = visit(busy, size)
    page.get_by_role("button", name=language).click()
    busy.app.customers.store([Customer(number=30001 + n, name=name) for n, name in enumerate(LONG)], busy.clock())
    days = [f"/settlements/z?terminal=bar-1&number={number}" for number in (41, 42, 43)]
    people = [
        "/customers",
        "/customers?which=refused",
        "/customers?q=nowhere",
        "/customers/10002",
        "/customers/10006",
        "/customers/30001",
        "/customers/30002",
    ]
    for path in ("/runs", "/runs?before=1", "/settlements", *days, *people, "/customers/10001"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert overflow(page) <= 0, path
        if size == DESK and path == "/customers":
            assert (
                page.evaluate(
                    "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.card.flush .scroll'))"
                )
                <= 0
            )
        assert faults(page) == [], path
