"""The till in Chromium, with the plugin itself and the simulated PowerOffice: by touch, on a phone, by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from posplugin.simulator import Simulator
from tests.browser.conftest import DESK, PHONE, Touch, faults, opened, overflow
from tests.browser.tapping import choose, papers, pick, ring, seen_of, to_pay, too_small, total
from tests.fixtures.restaurant import send

SIZES = pytest.mark.parametrize("size", [pytest.param(DESK, id="touch"), pytest.param(PHONE, id="phone")])


@SIZES
def test_faktura_from_the_first_tap_to_poweroffice(
    touch: Touch, till: str, tmp_path: Path, go: Simulator, size: ViewportSize
) -> None:
    page = touch(size)
    page.goto(till)
    ring(page, "Treretters meny", "Treretters meny", "Riesling")
    page.get_by_text("2 035,00").first.wait_for()
    to_pay(page)
    choose(page, "Faktura")
    pick(page, "fjell", "Fjellheim Entreprenør AS")
    assert page.get_by_text("✓ Koblet K-17").is_visible()
    page.get_by_role("button", name="Sett på faktura").click()

    refusal = page.get_by_role("alert")
    assert "må ha «Deres referanse» eller et bestillingsnummer" in refusal.inner_text()
    assert seen_of(page, "your_reference")
    page.get_by_label("Deres referanse").fill("Kari Nordmann")
    page.get_by_label("Formål").fill("Styremøte")
    page.get_by_role("button", name="Sett på faktura").click()

    (paper,) = papers(page)
    assert "UTLEVERINGSKVITTERING nr 1" in paper
    assert "10001 Fjellheim Entreprenør AS" in paper
    assert "Dette er ikke en salgskvittering" in paper
    page.get_by_role("link", name="Ny nota").click()
    page.get_by_text("Ingenting er slått inn").wait_for()
    send(tmp_path / "posplugin.toml")
    (order,) = go.orders()
    assert (order["TotalAmount"], order["CustomerReference"]) == (2035, "Kari Nordmann")


@SIZES
def test_faktura_without_a_customer_is_refused_and_nothing_is_sold(touch: Touch, till: str, size: ViewportSize) -> None:
    page = touch(size)
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Faktura")
    page.get_by_role("button", name="Sett på faktura").click()

    assert "Velg kunde før du tar betalt med Faktura." in page.get_by_role("alert").inner_text()
    page.goto(f"{till}returns")
    assert page.get_by_text("Ingen salg å vise.").is_visible()


def test_the_whole_form_of_faktura_is_on_the_tills_screen(touch: Touch, till: str) -> None:
    page = touch(DESK)
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Faktura")
    pick(page, "fjell", "Fjellheim Entreprenør AS")

    assert all(seen_of(page, name) for name in ("amount", "your_reference", "purpose", "note", "note-hint"))


def test_it_sells_on_faktura_while_poweroffice_is_gone(touch: Touch, till: str, tmp_path: Path, go: Simulator) -> None:
    go.stop()
    page = touch()
    page.goto(till)
    ring(page, "Fårikål")
    to_pay(page)
    choose(page, "Faktura")
    pick(page, "havne", "Bergen Havnelag AS")
    page.get_by_role("button", name="Sett på faktura").click()

    assert "UTLEVERINGSKVITTERING" in papers(page)[0]
    page.get_by_text("1 venter på å bli sendt").first.wait_for()
    go.start()
    send(tmp_path / "posplugin.toml")
    assert len(go.orders()) == 1


@SIZES
def test_a_split_gives_both_papers(touch: Touch, till: str, tmp_path: Path, go: Simulator, size: ViewportSize) -> None:
    page = touch(size)
    page.goto(till)
    ring(page, "Treretters meny")
    to_pay(page)
    choose(page, "Kort")
    page.get_by_label("Beløp", exact=True).fill("395")
    page.get_by_label("Tips", exact=True).fill("40")
    page.get_by_role("button", name="Legg til kort").click()
    page.get_by_text("Lagt til så langt").wait_for()
    choose(page, "Faktura")
    pick(page, "10002", "Bergen Havnelag AS")
    assert page.get_by_label("Beløp", exact=True).input_value() == "300,00"
    page.get_by_role("button", name="Sett på faktura").click()

    sales_receipt, delivery_receipt = papers(page)
    assert "SALGSKVITTERING nr 1" in sales_receipt
    assert "herav tips" in sales_receipt
    assert "Beløp som faktureres" in delivery_receipt
    send(tmp_path / "posplugin.toml")
    assert [order["TotalAmount"] for order in go.orders()] == [300]


@SIZES
def test_a_return_of_an_invoiced_sale_is_a_credit_note_and_of_a_paid_one_money(
    touch: Touch, till: str, tmp_path: Path, go: Simulator, size: ViewportSize
) -> None:
    page = touch(size)
    page.goto(till)
    ring(page, "Riesling", "Riesling")
    to_pay(page)
    choose(page, "Faktura")
    pick(page, "havne", "Bergen Havnelag AS")
    page.get_by_role("button", name="Sett på faktura").click()
    papers(page)
    page.goto(till)
    ring(page, "Pils", "IPA")
    to_pay(page)
    choose(page, "Kontant")
    page.get_by_role("button", name="Nøyaktig").click()
    papers(page)

    page.get_by_role("link", name="Retur", exact=True).click()
    page.get_by_role("link", name="1001").click()
    page.get_by_role("button", name="Én til: Riesling, flaske").click()
    page.get_by_role("button", name="Ta i retur").click()
    page.get_by_role("button", name="Krediter Bergen Havnelag AS: 645,00 kr").click()
    assert "Kreditnota følger" in papers(page)[0]
    page.get_by_role("link", name="Retur", exact=True).click()
    page.get_by_role("link", name="1002").click()
    page.locator("#count-1").fill("1")
    page.get_by_role("button", name="Ta i retur").click()
    choose(page, "Kontant")
    page.get_by_role("button", name="Betal tilbake kontant 125,00").click()
    assert "RETURKVITTERING" in papers(page)[0]

    send(tmp_path / "posplugin.toml")
    assert sorted(order["TotalAmount"] for order in go.orders()) == [-645, 1290]


@SIZES
def test_the_day_is_counted_and_closed(touch: Touch, till: str, size: ViewportSize) -> None:
    page = touch(size)
    page.goto(till)
    ring(page, "Pils", "IPA")
    to_pay(page)
    choose(page, "Kontant")
    page.get_by_label("Mottatt av gjesten").fill("500")
    page.get_by_role("button", name="Ta imot").click()
    papers(page)
    assert page.locator(".change strong").inner_text() == "266,00"
    page.get_by_role("link", name="Dagsoppgjør").click()
    page.get_by_label("Beløp", exact=True).fill("100")
    page.get_by_label("Hva gjelder det?").fill("Veksel")
    page.get_by_role("button", name="Legg inn").click()
    page.get_by_text("2 334,00").wait_for()
    page.get_by_role("link", name="Tell skuffen").click()
    page.get_by_label("1000 kr").fill("2")
    page.get_by_label("100 kr", exact=True).fill("3")
    assert page.locator("#counted").inner_text().replace("\xa0", " ") == "2 300,00"
    page.get_by_role("button", name="Vis differansen").click()
    page.get_by_text("−34,00 (mangler)").wait_for()
    page.get_by_role("button", name="Lukk dagen").click()

    page.get_by_role("heading", name="Dagen er lukket").wait_for()
    paper = page.locator(".paper").inner_text()
    assert "Z-RAPPORT nr E1" in paper
    assert re.search(r"Kassedifferanse +−34,00", paper)
    assert page.get_by_text("Sending til PowerOffice").is_visible()


def test_everything_is_done_by_keyboard_alone(touch: Touch, till: str) -> None:
    page = touch()
    page.goto(till)
    page.get_by_role("button", name="Fårikål").focus()
    page.keyboard.press("Enter")
    page.get_by_text("329,00").nth(1).wait_for()
    assert page.evaluate("document.activeElement.id") == "dish-1004"
    page.keyboard.press("Enter")
    page.get_by_text("658,00").first.wait_for()
    page.locator("#pay").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pay")
    page.keyboard.press("Escape")
    page.wait_for_url(till)
    page.locator("#pay").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pay")
    page.locator("#by-invoice").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pay?by=invoice")
    page.keyboard.type("kunde 10002")
    page.keyboard.press("Control+A")
    page.keyboard.type("bergen")
    page.locator(".customer").nth(0).wait_for()
    page.locator("#customers h2", has_text="Treff").wait_for()
    page.keyboard.press("ArrowDown")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    page.keyboard.press("Enter")
    page.locator(".picked").wait_for()
    assert page.evaluate("document.activeElement.id") == "your_reference"
    page.keyboard.press("Enter")

    assert "UTLEVERINGSKVITTERING" in papers(page)[0]
    assert outline == "3px"
    assert page.evaluate("document.activeElement.id") == "next"
    page.keyboard.press("Enter")
    page.wait_for_url(till)


def test_it_works_without_scripts(touch: Touch, till: str) -> None:
    page = touch(java_script_enabled=False)
    page.goto(till)
    ring(page, "Fårikål", "Pils")
    page.locator("#line-2").click()
    page.get_by_role("button", name="Én til").click()
    assert total(page) == "547,00"
    to_pay(page)
    choose(page, "Faktura")
    page.get_by_role("searchbox").fill("bergen")
    page.get_by_role("button", name="Søk").click()
    page.get_by_role("button", name="Bergen Havnelag AS").click()
    page.get_by_role("button", name="Sett på faktura").click()

    assert "UTLEVERINGSKVITTERING" in papers(page)[0]


def test_quick_taps_are_all_counted_and_a_reload_loses_nothing(touch: Touch, till: str) -> None:
    page = touch()
    page.goto(till)
    page.evaluate("for (let tap = 0; tap < 12; tap++) document.getElementById('dish-2401').click()")
    page.locator("#line-1 .times", has_text="12").wait_for()

    page.reload()

    assert page.locator("#line-1 .times").inner_text() == "12"
    assert total(page) == "478,80"


def test_the_keypad_writes_the_amount(touch: Touch, till: str) -> None:
    page = touch()
    page.goto(till)
    ring(page, "Treretters meny")
    to_pay(page)
    choose(page, "Kort")
    keypad = page.get_by_role("group", name="Talltaster")
    for key in ("4", "0", "0", "komma", "5", "0", "Slett siste siffer"):
        keypad.get_by_role("button", name=key, exact=True).click()

    assert page.get_by_label("Beløp", exact=True).input_value() == "400,5"


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize(
    ("language", "size"), [pytest.param("nb", DESK, id="nb-touch"), pytest.param("en", PHONE, id="en-phone")]
)
def test_no_view_has_a_serious_fault_or_anything_too_small_to_tap(
    touch: Touch, tmp_path: Path, go: Simulator, language: str, size: ViewportSize
) -> None:
    found: dict[str, list[str]] = {}
    with opened(tmp_path, go, language) as address:
        page = touch(size)

        def look(name: str) -> None:
            page.wait_for_load_state("networkidle")
            wrong = [*faults(page), *too_small(page)]
            if (wider := overflow(page)) > 0:
                wrong.append(f"{wider} px wider than the screen")
            if wrong:
                found[name] = wrong

        def see(path: str) -> None:
            page.goto(address + path)
            look(path)

        see("")
        page.locator("#take-away").click()
        look("take away")
        page.locator("#eat-in").click()
        for dish in (1002, 1001, 2001, 2401, 1005, 9001):
            page.locator(f"#dish-{dish}").click()
        look("gift card")
        for path in ("?line=1", "?ask=discount", "?ask=label", "?ask=clear", "pay", "pay?by=cash", "pay?by=card"):
            see(path)
        page.locator("#amount").fill("99999")
        page.locator(".channel-form .go").click()
        look("too much")
        see("pay?by=gift_card")
        see("pay?by=invoice")
        page.locator(".go.dim").click()
        page.locator("#stopped").wait_for()
        look("refused")
        page.locator(".customer", has_text="Havnelag").click()
        page.locator(".picked").wait_for()
        look("customer")
        page.locator("#amount").fill("100")
        page.locator(".fields .go").click()
        page.locator(".planned").wait_for()
        look("split")
        see("pay?by=card")
        page.locator(".channel-form .go").click()
        page.wait_for_url("**/pay/done/*")
        look("done")
        see("returns")
        page.locator(".sales a").first.click()
        page.locator(".returning").wait_for()
        look("return")
        page.locator("#count-0").fill("1")
        page.locator(".returning .go").click()
        page.wait_for_url("**/pay")
        look("paying back")
        see("")
        page.locator("#park").click()
        look("parked")
        for path in ("day", "day/count"):
            see(path)
        page.locator("#total").fill("2000")
        page.locator(".counting .go").click()
        page.locator("#close-day").wait_for()
        look("difference")
        page.locator("#close-day").click()
        page.locator(".paper").wait_for()
        look("z")
        see("nowhere")
        page.locator(".lamp summary").click()
        look("lamp")
    assert found == {}
