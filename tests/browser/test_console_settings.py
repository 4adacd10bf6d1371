"""The page of the settings in a real browser: edit, save, test the connection, add rows; at a desk and on a phone."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, ViewportSize, expect

from posplugin.simulator import CLIENT_KEY, Simulator
from posplugin.texts import texts
from tests.browser.conftest import DESK, PHONE, Visit, faults, overflow
from tests.integration.sender.shop import CAFE, LEDGER, SETTLES, OpenShop, Shop

SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return shops(**SETTLES, more=CAFE)


def _tables(shop: Shop) -> dict[str, Any]:
    return tomllib.loads(shop.config.read_text())


def _open(shop: Shop, visit: Visit, size: ViewportSize = DESK) -> Page:
    page = visit(shop, size)
    page.get_by_role("link", name="Innstillinger").click()
    expect(page.get_by_role("heading", name="Innstillinger", exact=True)).to_be_visible()
    return page


def _is_fine(page: Page) -> None:
    assert overflow(page) == 0
    assert faults(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_settings_are_edited_saved_and_the_connection_is_tested(shop: Shop, visit: Visit, size: ViewportSize) -> None:
    page = _open(shop, visit, size)
    _is_fine(page)
    expect(page.get_by_text("Endringene er ikke lagret.")).to_be_hidden()

    page.get_by_label("Fakturagebyr, kroner med mva").fill("39,50")
    page.get_by_label("Legg til fakturagebyr").check()
    page.get_by_label("Faktureres fra og med").fill("01.11.2026")
    expect(page.get_by_text("Endringene er ikke lagret.")).to_be_visible()
    page.get_by_role("button", name="Lagre og test").click()

    expect(page.get_by_text("✓ Lagret.")).to_be_visible()
    expect(page.get_by_text("Automatisk sending venter til «Sjekk hele oppsettet» er i orden")).to_be_visible()
    expect(page.get_by_text("Forbindelse OK: Brygga Bistro AS (klient 71401)")).to_be_visible()
    expect(page.get_by_label("Fakturagebyr, kroner med mva")).to_have_value("39,50")
    assert _tables(shop)["invoicing"]["invoice_fee_amount"] == "39.50"
    _is_fine(page)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_wrong_is_led_to_and_mended(shop: Shop, visit: Visit, size: ViewportSize) -> None:
    page = _open(shop, visit, size)
    page.get_by_label("Øreavrunding").first.fill("mye")
    page.locator("#mode summary").click()
    page.get_by_label("Ventetid etter et tapt svar").fill("snart")
    page.get_by_role("button", name="Lagre", exact=True).click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Ingenting er lagret. Dette må rettes (2):")
    expect(page.get_by_label("Ventetid etter et tapt svar")).to_be_focused()  # the first on the page
    _is_fine(page)
    alert.get_by_role("link", name="Ventetid etter et tapt svar").click()
    wait = page.get_by_label("Ventetid etter et tapt svar")
    expect(wait).to_be_in_viewport()
    expect(wait).to_have_attribute("aria-invalid", "true")
    wait.fill("90s")
    page.get_by_label("Øreavrunding").first.fill("7740")
    page.keyboard.press("Enter")

    expect(page.get_by_text("✓ Lagret.")).to_be_visible()
    assert _tables(shop)["ledger"]["rounding"] == 7740
    assert _tables(shop)["poweroffice"]["settle_time"] == "90s"


@pytest.mark.parametrize("language", ["Norsk bokmål", "English"])
@pytest.mark.parametrize("size", SIZES)
def test_a_long_file_with_much_that_is_wrong_fits(
    shops: OpenShop, visit: Visit, size: ViewportSize, language: str
) -> None:
    rows = "".join(
        f'{{ article_group = "{n}{"x" * 60}", vat = 25, account = {3100 + n}, vat_code = "3" }},\n' for n in range(40)
    )
    name = "terrasse-" + "x" * 50
    more = CAFE + f"[departments.{name}]\nclient_key = '{CLIENT_KEY}'\n"
    shop = shops(settlement="", ledger=LEDGER.replace("sales = [", f"sales = [\n{rows}"), more=more)
    page = visit(shop, size)
    page.get_by_role("button", name=language).click()
    page.goto("/settings")
    page.locator('[name="terminal.department"]').fill("x" * 300)
    page.locator('[name="ledger.sales#7#account"]').fill("y" * 300)
    page.locator('[name="schedule.time"]').fill("02:30")
    page.locator('button[value="save"].main').click()
    expect(page.get_by_role("alert").get_by_role("link").nth(2)).to_be_visible()
    expect(page.locator('[name="ledger.sales#7#account"]')).to_be_focused()
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    _is_fine(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_rows_come_and_go(shop: Shop, visit: Visit, javascript: bool) -> None:
    page = _open(shop, visit)
    if not javascript:
        page.route("**/console.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.reload()
    sales = page.get_by_role("group", name="Salg").first
    sales.get_by_role("button", name="Legg til linje").click()
    for label, value in (("Varegruppe", "drikke"), ("Konto", "3020"), ("Mva-kode", "3")):
        sales.get_by_label(f"{label}, linje 5", exact=True).fill(value)
    sales.get_by_label("Mva. %, linje 5").select_option("25")
    sales.get_by_role("button", name="Ta bort linje 4").click()
    expect(sales.get_by_role("textbox", name="Varegruppe")).to_have_count(4)
    page.get_by_role("button", name="Lagre", exact=True).click()

    expect(page.get_by_text("✓ Lagret.")).to_be_visible()
    assert [(row["article_group"], row["vat"]) for row in _tables(shop)["ledger"]["sales"]] == [
        ("*", 25),
        ("*", 15),
        ("*", 12),
        ("drikke", 25),
    ]


def test_nobody_leaves_with_changes_without_being_asked(shop: Shop, visit: Visit) -> None:
    page = _open(shop, visit)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.get_by_label("Terminal-id").fill("bar-7")
    page.get_by_role("link", name="Kunder").click()
    page.wait_for_url("**/customers")
    assert asked == ["beforeunload"]
    assert _tables(shop)["terminal"]["id"] == "bar-1"


def test_a_key_is_entered_and_never_shown_again(shop: Shop, visit: Visit) -> None:
    page = _open(shop, visit)
    key = page.get_by_label("Klientnøkkel – bar")
    expect(key).to_have_value("")
    expect(key).to_have_attribute("type", "password")
    key.fill("en-annen-noekkel")
    page.get_by_role("button", name="Lagre og test").click()

    expect(page.get_by_text("Feil 202, forbindelse for bar: PowerOffice godtar ikke nøklene")).to_be_visible()
    assert _tables(shop)["departments"]["bar"]["client_key"] == "en-annen-noekkel"
    assert "en-annen-noekkel" not in page.content()
    page.get_by_label("Klientnøkkel – bar").fill(CLIENT_KEY)
    page.get_by_role("button", name="Lagre og test").click()
    expect(page.get_by_text("Forbindelse OK: Brygga Bistro AS")).to_be_visible()
    assert CLIENT_KEY not in page.content()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_whole_set_up_is_checked(
    shops: OpenShop, go: Simulator, visit: Visit, language: str, size: ViewportSize
) -> None:
    shop = shops()
    text = texts(language)
    page = _open(shop, visit, size)
    if language == "en":
        page.get_by_role("button", name="English").click()
    go.archive_product("32")
    page.get_by_role("link", name=text.console.settings.check).click()
    _is_fine(page)
    page.get_by_role("button", name=text.console.settings.check_now).click()
    expect(page.get_by_text(text.console.settings.fault.format(number=504))).to_be_visible()
    _is_fine(page)

    go.change("product", "Code", "32", IsArchived=False)
    page.get_by_role("button", name=text.console.settings.check_now).click()
    expect(page.get_by_text(text.check.all_right)).to_be_visible()
    _is_fine(page)


@pytest.mark.parametrize("size", SIZES)
def test_all_that_is_folded_away_fits_and_can_be_reached(shop: Shop, visit: Visit, size: ViewportSize) -> None:
    page = _open(shop, visit, size)
    page.get_by_label("Egne tider for dagsoppgjøret").check()
    folded = page.locator("details.fold:not([open]) > summary")
    for _ in range(folded.count()):
        folded.first.click()
    expect(folded).to_have_count(0)
    _is_fine(page)


def test_a_file_that_cannot_be_read_is_told(shop: Shop, visit: Visit) -> None:
    page = _open(shop, visit)
    shop.config.write_text("[terminal\n")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("er ikke skrevet som TOML")
    _is_fine(page)
    assert Path(shop.config).read_text() == "[terminal\n"
