"""The console in a real browser: a failed record to green, one let go; at a desk, on a phone, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from posplugin.domain.customer import Customer, InvoiceDelivery
from posplugin.domain.payment import PaymentField
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.browser.conftest import DESK, PHONE, Visit, faults, overflow
from tests.integration.sender.shop import CUSTOMER, SETTLES, OpenShop, Shop

SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture
def failed(shops: OpenShop, go: Simulator) -> Shop:
    """Delivered: 1001; failed, its customer archived: 1002; waiting: a Z."""
    shop = shops(**SETTLES)
    shop.sell("1001", 12500)
    shop.sell("1002", 123450, customer=10003)
    go.archive_customer(10003)
    shop.send()
    shop.close_day(1)
    return shop


def _mend(go: Simulator) -> None:
    go.change("customer", "Number", 10003, IsArchived=False, IsActive=True)


@pytest.mark.parametrize("size", SIZES)
def test_a_failed_record_is_tried_again_from_the_queue_and_turns_green(
    failed: Shop, go: Simulator, visit: Visit, size: ViewportSize
) -> None:
    page = visit(failed, size)
    expect(page.get_by_role("status").first).to_contain_text("Rødt. Trenger hjelp av den som drifter kassen: 1.")
    page.get_by_role("link", name="Ikke sendt 1").click()
    row = page.get_by_role("row").filter(has_text="1002")
    expect(row).to_contain_text("Kunden er arkivert i PowerOffice.")

    _mend(go)
    row.get_by_role("checkbox", name="Velg nota 1002").check()
    page.get_by_role("button", name="Prøv valgte på nytt").click()
    expect(page.get_by_text("1 går videre ved neste kjøring.")).to_be_visible()
    failed.send()
    page.get_by_role("link", name="Levert").first.click()

    expect(page.get_by_role("row").filter(has_text="1002")).to_contain_text("✓Levert")
    assert failed.record("1002").status is Status.DELIVERED


def test_a_failed_record_is_tried_again_from_its_own_page(failed: Shop, go: Simulator, visit: Visit) -> None:
    page = visit(failed)
    page.get_by_role("link", name="1002").click()
    expect(page.get_by_role("heading", name="Kunden er arkivert i PowerOffice.")).to_be_visible()
    page.get_by_role("button", name="Vis hva som ville blitt sendt").click()
    expect(page.get_by_text("Dette ville blitt sendt nå").first).to_be_visible()

    _mend(go)
    page.get_by_role("link", name="Til køen").click()
    page.get_by_role("link", name="1002").click()
    page.get_by_role("button", name="Prøv på nytt").click()
    expect(page.get_by_text("Går videre ved neste kjøring.").first).to_be_visible()
    failed.send()
    page.reload()

    expect(page.locator(".head .pill")).to_have_text("✓Levert")
    expect(page.get_by_role("list").last).to_contain_text("prøvd på nytt for hånd")


def test_a_record_is_let_go_and_says_how_it_was_handled(failed: Shop, visit: Visit) -> None:
    page = visit(failed)
    page.get_by_role("link", name="1002").click()
    page.get_by_text("Avslutt", exact=True).click()
    page.get_by_role("button", name="Avslutt for godt").click()
    assert failed.record("1002").status is Status.NEEDS_ATTENTION  # the browser asks how it was handled

    page.get_by_label("Hvordan ble den ordnet?").fill("Fakturert for hånd, nr. 77")
    page.get_by_role("button", name="Avslutt for godt").click()

    expect(page.locator(".head .pill")).to_have_text("–Avsluttet")
    expect(page.get_by_text("Fakturert for hånd, nr. 77").first).to_be_visible()
    assert failed.record("1002").detail == "Fakturert for hånd, nr. 77"


def test_the_whole_list_that_was_not_sent_is_tried_again(failed: Shop, go: Simulator, visit: Visit) -> None:
    page = visit(failed)
    _mend(go)
    page.get_by_role("link", name="Ikke sendt 1").click()
    page.get_by_role("button", name="Prøv alle på nytt (1)").click()
    expect(page.get_by_text("1 går videre ved neste kjøring.")).to_be_visible()
    assert failed.record("1002").status is Status.PENDING


@pytest.mark.parametrize("size", SIZES)
def test_one_of_the_list_is_tried_again_and_another_let_go_with_a_reason(
    failed: Shop, go: Simulator, visit: Visit, size: ViewportSize
) -> None:
    failed.sell("1003", customer=10003)
    failed.send()
    page = visit(failed, size)
    page.goto("/?state=not_sent")
    page.get_by_role("button", name="Prøv på nytt 1002").click()
    expect(page.get_by_text("1 går videre ved neste kjøring.")).to_be_visible()
    assert failed.record("1002").status is Status.PENDING

    page.get_by_role("checkbox", name="Velg nota 1003").check()
    page.get_by_text("Avslutt valgte (1)").click()
    page.get_by_label("Hvordan ble den ordnet?").fill("Fakturert for hånd, nr. 77")
    assert overflow(page) <= 0
    assert faults(page) == []
    page.get_by_role("button", name="Avslutt for godt").click()
    expect(page.get_by_text("1 avsluttet.")).to_be_visible()
    assert failed.record("1003").detail == "Fakturert for hånd, nr. 77"


def test_a_name_without_a_space_widens_no_page(failed: Shop, visit: Visit) -> None:
    named = Customer(number=CUSTOMER, name="Handelsselskapet" * 18, delivery=InvoiceDelivery.EMAIL)
    failed.app.customers.store([named], failed.clock())
    failed.sell("1003", fields={PaymentField.NOTE: "n" * 250, PaymentField.YOUR_REFERENCE: "r" * 250})
    for size in (DESK, PHONE):
        page = visit(failed, size)
        for path in ("/", "/record/1", "/record/4"):
            page.goto(path)
            inside = page.evaluate(
                "[...document.querySelectorAll('.scroll')].map((b) => b.scrollWidth - b.clientWidth)"
            )
            assert overflow(page) <= 0, path
            assert all(wide <= 0 for wide in inside), (path, inside)


def test_all_on_a_page_are_ticked_at_once_and_counted(failed: Shop, visit: Visit) -> None:
    page = visit(failed)
    page.get_by_role("checkbox", name="Velg alle på siden").check()
    expect(page.get_by_role("button", name="Prøv valgte på nytt (3)")).to_be_visible()
    page.get_by_role("checkbox", name="Velg nota 1001").uncheck()
    expect(page.get_by_role("button", name="Prøv valgte på nytt (2)")).to_be_visible()


def test_a_record_is_found_by_keyboard_alone(failed: Shop, visit: Visit) -> None:
    page = visit(failed)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hopp til innholdet")).to_be_focused()
    page.get_by_label("Søk").focus()
    page.keyboard.type("1002")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=1002**")
    page.get_by_role("link", name="1002").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Faktura for nota 1002")


def test_the_link_lets_no_second_browser_in(failed: Shop, visit: Visit, new_page: Visit) -> None:
    page = visit(failed)
    other = new_page()
    other.on("console", lambda _: None)
    answer = other.request.get(page.url)
    assert answer.status == 403
    assert "Du er ikke logget inn" in answer.text()


def test_the_language_is_changed_and_stays(failed: Shop, visit: Visit) -> None:
    page = visit(failed)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    page.get_by_role("link", name="1002").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoice for receipt 1002")


@pytest.mark.parametrize(
    ("language", "size"),
    [pytest.param("Norsk bokmål", PHONE, id="nb-phone"), pytest.param("English", DESK, id="en-desk")],
)
def test_no_page_is_wider_than_its_window_or_gravely_hard_to_use(
    failed: Shop, visit: Visit, size: ViewportSize, language: str
) -> None:
    page: Page = visit(failed, size)
    page.get_by_role("button", name=language).click()
    for path in ("/", "/?amount=x&hidden=1", "/?state=not_sent", "/?q=nothing", "/record/1", "/record/2", "/record/3"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert overflow(page) <= 0, path
        assert faults(page) == [], path
