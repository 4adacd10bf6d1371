"""What goes wrong at a till on a busy night: taps twice, goes back, opens two windows, types what nobody should."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from posplugin.simulator import Simulator
from tests.browser.conftest import PHONE, Touch, opened
from tests.browser.tapping import choose, papers, pick, ring, to_pay, total
from tests.fixtures.restaurant import send

EVIL = "<img src=x onerror=alert(1)><script>alert(1)</script>"


def receipts(page: Page, till: str) -> list[str]:
    """Return the numbers of what is final, newest first."""
    page.goto(f"{till}returns")
    return page.locator(".sales .nr strong").all_inner_texts()


def test_two_taps_on_the_same_payment_are_one_sale(touch: Touch, till: str) -> None:
    page = touch()
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Kort")
    page.evaluate("for (let tap = 0; tap < 5; tap++) document.querySelector('.channel-form .go').click()")
    papers(page)

    assert receipts(page, till) == ["1001"]


def test_back_forward_and_reload_after_payment_sell_nothing_more(touch: Touch, till: str) -> None:
    page = touch()
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Kontant")
    page.get_by_role("button", name="Nøyaktig").click()
    (paper,) = papers(page)
    page.reload()
    assert papers(page) == [paper]
    page.go_back()
    page.get_by_text("Ingenting er slått inn").wait_for()
    page.go_back()
    page.go_forward()
    page.reload()

    assert receipts(page, till) == ["1001"]


def test_without_scripts_back_and_send_again_shows_what_was_sold(touch: Touch, till: str) -> None:
    page = touch(java_script_enabled=False)
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Kort")
    form = page.locator(".channel-form [name=ticket]").get_attribute("value")
    page.get_by_role("button", name="Legg til kort").click()
    papers(page)
    again = page.request.post(
        f"{till}pay/card", form={"ticket": form or "", "amount": "329"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert "/pay/done/" in again.url
    assert receipts(page, till) == ["1001"]


def test_what_another_window_has_paid_is_neither_paid_nor_cleared_again(touch: Touch, till: str) -> None:
    one = touch()
    one.goto(till)
    ring(one, "Fårikål")
    one.locator("#line-1").wait_for()
    other = one.context.new_page()
    other.goto(f"{till}pay?by=card")
    one.goto(f"{till}?ask=clear")
    other.get_by_role("button", name="Legg til kort").click()
    papers(other)
    other.goto(till)
    ring(other, "Skolebolle")
    other.locator("#line-1").wait_for()
    one.get_by_role("button", name="Ja, tøm notaen").click()

    assert "allerede betalt, eller tatt opp et annet sted" in one.get_by_role("alert").first.inner_text()
    assert total(one) == "49,50"


def test_a_ticket_left_in_a_window_that_is_gone_is_taken_up_in_another(touch: Touch, till: str) -> None:
    gone = touch()
    gone.goto(till)
    ring(gone, "Fårikål")
    gone.locator("#line-1").wait_for()
    gone.context.clear_cookies()
    page = touch(PHONE)
    page.goto(till)
    page.get_by_text("Åpne i et annet vindu (1)").wait_for()
    page.get_by_role("button", name="Uten navn").click()
    page.locator("#line-1").wait_for()

    assert total(page) == "329,00"


def test_a_script_that_is_typed_is_text_on_the_page_on_paper_and_in_poweroffice(
    touch: Touch, till: str, tmp_path: Path, go: Simulator
) -> None:
    page = touch()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.goto(till)
    ring(page, "Fårikål")
    page.locator("#line-1").click()
    page.locator("#line-note").fill(EVIL)
    page.locator("#line-note").press("Enter")
    page.locator(".marks em").wait_for()
    to_pay(page)
    choose(page, "Faktura")
    page.get_by_role("searchbox").fill(f"{EVIL}' OR 1=1; --")
    page.get_by_text("Ingen kunde passer").wait_for()
    page.get_by_role("searchbox").fill("")
    pick(page, "import", 'O\'Brien & Sønner "Import" AS')
    page.get_by_label("Notat").fill(EVIL)
    page.get_by_role("button", name="Sett på faktura").click()

    (paper,) = papers(page)
    assert "<script>" in paper
    send(tmp_path / "posplugin.toml")
    assert len(go.orders()) == 1


@pytest.mark.parametrize("label", ["Deres referanse", "Bestillingsnummer", "Formål", "Deltakere", "Notat"])
def test_a_field_takes_no_more_than_goes_on_the_invoice(touch: Touch, till: str, label: str) -> None:
    page = touch(PHONE)
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Faktura")
    pick(page, "10002", "Bergen Havnelag AS")
    page.get_by_label(label).press_sequentially("Kari ")
    page.keyboard.insert_text("å" * 10_000)

    assert page.get_by_label(label).input_value() == "Kari " + "å" * 245
    page.get_by_role("button", name="Sett på faktura").click()
    assert "Kari" in papers(page)[0]


def test_a_second_invoice_on_a_ticket_takes_the_place_of_the_first_and_the_page_says_so(
    touch: Touch, till: str
) -> None:
    page = touch()
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Faktura")
    pick(page, "10002", "Bergen Havnelag AS")
    page.get_by_label("Beløp", exact=True).fill("100")
    page.get_by_role("button", name="Sett på faktura").click()
    page.get_by_text("Lagt til så langt").wait_for()
    choose(page, "Faktura")

    assert "Bare én kunde kan få faktura for en nota" in page.locator(".caution").inner_text()
    page.get_by_role("button", name="Sett på faktura").click()
    (paper,) = papers(page)
    assert "329,00" in paper


def test_customers_invoiced_last_come_first(touch: Touch, till: str) -> None:
    page = touch()
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Faktura")
    pick(page, "ærlig", "Café Ærlig AS")
    page.get_by_role("button", name="Sett på faktura").click()
    papers(page)
    page.goto(till)
    ring(page, "Skolebolle")
    to_pay(page)
    choose(page, "Faktura")

    assert page.locator(".customer-name").first.inner_text() == "Café Ærlig AS"


@pytest.mark.usefixtures("restored")
def test_a_till_that_was_stopped_keeps_the_ticket_and_says_that_it_is_gone(
    touch: Touch, tmp_path: Path, go: Simulator
) -> None:
    page = touch()
    with opened(tmp_path, go) as address:
        page.goto(address)
        ring(page, "Fårikål")
        page.locator("#line-1").wait_for()
    page.locator("#dish-2401").click()
    page.locator("#silent:visible").wait_for()
    assert "Det som er slått inn, er lagret" in page.locator("#silent").inner_text()

    with opened(tmp_path, go) as address:
        page.goto(address)
        assert total(page) == "329,00"
