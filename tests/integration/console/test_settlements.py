"""The settlements: a list of Z reports, and one of them as an accountant reads it and mends it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from posplugin.domain.clock import to_text
from posplugin.domain.payment import PaymentRef
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.sender.lock import only_sender
from posplugin.simulator import Simulator
from tests.integration.console.visitor import Visitor, seen
from tests.integration.sender.shop import CLEARING_MODE, INVOICED, OpenShop, Shop, settling

DAY = "/settlements/z?terminal=bar-1&number={}"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    """A till that settles."""
    return settling(shops)


def z_record(shop: Shop, number: int = 42) -> Record:
    return shop.record(f"Z {number}")


def form(shop: Shop, z: int = 42, **told: Any) -> dict[str, Any]:
    """What the page of a Z sends."""
    seen_at = to_text(z_record(shop, z).updated_at)
    return {"terminal": "bar-1", "number": str(z), "seen": seen_at, **told}


# -- one Z ---------------------------------------------------------------------------------------------------------

#: The columns of payments that are in doubt.
ROW = "Nota Betaling Hvor den står Beløp"
JOURNAL = (
    "1580 0 Kort 240,00 2981 0 Tips 40,00 3000 3 Salg 100, 25 % 160,00 3001 31 Salg 100, 15 % 40,00"
    " Sum 240,00 240,00 ✓ Diff 0,00"
)


def test_a_z_is_seen_before_it_is_posted_and_after(shop: Shop, go: Simulator) -> None:
    """DESIGN's example: accounts, VAT codes, debit, credit, sums, what is left over; then the voucher's number."""
    shop.close_day(42)
    visitor = Visitor(shop.app)
    before = visitor.sees(DAY.format(42))
    assert "Dagsoppgjør Z 42 … Venter Venter på å bli sendt" in before
    assert "Blir ført Konto Mva-kode Tekst Debet Kredit " + JOURNAL in before
    vat = "Sats Mva-kode Med mva Mva i kassen Mva i regnskapet Differanse"
    assert f"Merverdiavgift {vat} 25 % 3 160,00 32,00 32,00 0,00 15 % 31 40,00 5,22 5,22 0,00" in before
    assert "Tilbakefør" not in before

    shop.send()
    after = visitor.sees(DAY.format(42))
    assert "Dagsoppgjør Z 42 ✓ Levert Levert til PowerOffice: bokført, bilag 1" in after
    assert "Ført i PowerOffice Konto Mva-kode Tekst Debet Kredit " + JOURNAL in after
    history = after.split("Hva som er ført under hver referanse")[1]
    assert z_record(shop).reference in history
    assert "som bilag" in history


def test_in_english_it_says_the_same(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42)
    shop.send()
    visitor.post("/language", {"language": "en"})
    told = visitor.sees(DAY.format(42))
    assert "Settlement Z 42 ✓ Delivered Delivered to PowerOffice: posted, voucher 1" in told
    assert "Posted in PowerOffice Account VAT code Text Debit Credit 1580 0 Kort 240,00" in told  # as it was posted
    assert "Reverse in PowerOffice" in told


def test_looking_asks_poweroffice_nothing(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42)
    before = len(shop.requests())
    visitor.sees(DAY.format(42))
    visitor.sees("/settlements")
    assert len(shop.requests()) == before


def test_what_was_invoiced_is_told_and_what_is_not_delivered_is_named(shop: Shop, go: Simulator) -> None:
    shop.sell("1001", dict(INVOICED))
    shop.sell("1002", 4500, customer=10003)
    go.archive_customer(10003)
    shop.send()
    shop.close_day(42)
    told = Visitor(shop.app).sees(DAY.format(42))
    assert "Salg på faktura 2, til sammen 345,00; 1 levert. Z-en og fakturaene er enige." in told
    assert "fakturaene fører inntekt og mva selv." in told
    assert re.search(r"1002 \S+ \S+ Kunden er arkivert i PowerOffice\.", told)


def test_where_the_settlement_reports_the_vat_it_says_so(shops: OpenShop) -> None:
    shop = settling(shops, **CLEARING_MODE)
    shop.sell("1001", dict(INVOICED))
    shop.close_day(42)
    told = Visitor(shop.app).sees(DAY.format(42))
    assert "Varene i disse salgene er med i bilaget, mot Faktura kasse" in told
    assert "1990 0 Faktura kasse 300,00" in told


def test_a_z_that_does_not_add_up_is_held_back_with_its_cause_and_remedy(shop: Shop) -> None:
    shop.close_day(42, paid={"card": 123})
    shop.send()
    told = Visitor(shop.app).sees(DAY.format(42))
    assert "Holdt tilbake: Dagsoppgjøret går ikke i null. betalingene avviker med −238,77" in told
    assert "Dette gjør du." in told
    assert "! Diff −238,77" in told
    assert "Ville blitt ført; nå føres ingenting" in told


def test_a_z_without_its_accounts_says_which_is_missing(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42, paid={"coupon": 24000})
    told = visitor.sees(DAY.format(42))
    assert "En konto mangler i innstillingene" in told
    assert 'avdelingen bar: ledger.tenders har ingen konto for "coupon"' in told
    assert "! Mangler konto 0 coupon 240,00 Sum 240,00 240,00 ✓ Diff 0,00 Linjene uten konto føres først" in told


def test_a_mismatch_names_each_payment_and_is_accepted_with_a_reason(shop: Shop, visitor: Visitor) -> None:
    shop.sell("1001")
    shop.close_day(42, invoiced=(PaymentRef("bar-1", "s999", "1"),))
    shop.send()
    told = visitor.sees(DAY.format(42))
    assert "Holdt tilbake: Z-rapporten og våre fakturaer er ikke enige" in told
    assert f"I Z-en, og ikke hos oss {ROW} – bar-1/s999/1 Aldri meldt hit: nota og beløp står bare i kassen –" in told
    assert f"Hos oss, og ikke i noen Z {ROW} 1001 bar-1/s1001/1 Levert til PowerOffice: utkast 100,00" in told
    assert "Godta Z-en slik den er" in told

    said = visitor.does("/settlements/z/accept", form(shop, why="nota 999 ble slått inn to ganger"))
    assert "Godtatt. Oppgjøret går videre ved neste kjøring." in said
    assert "Z-en og fakturaene er ikke enige, og noen har godtatt det slik: Godtatt av tekniker " in said
    assert ": «nota 999 ble slått inn to ganger»" in said
    assert "Godta Z-en slik den er" not in said
    shop.send()
    assert z_record(shop).status is Status.DELIVERED


def test_of_two_z_reports_that_name_one_sale_each_says_so(shop: Shop, visitor: Visitor) -> None:
    ref = shop.sell("1001").ref
    shop.close_day(42, invoiced=(ref,))
    shop.close_day(43, invoiced=(ref,))
    assert f"I denne Z-en, og i en annen Z også {ROW} 1001 bar-1/s1001/1 Venter på å bli sendt. Også i Z 42 100,00" in (
        visitor.sees(DAY.format(43))
    )


def test_what_agrees_by_now_says_that_it_goes_on(shop: Shop, visitor: Visitor) -> None:
    request = shop.request("1001", {25: 10000})
    shop.close_day(42, invoiced=(request.ref,))
    shop.send()
    assert "Holdt tilbake" in visitor.sees(DAY.format(42))
    shop.app.till().capture(request)
    told = visitor.sees(DAY.format(42))
    assert "Z-en og fakturaene er enige nå: oppgjøret går videre ved neste kjøring." in told
    assert "Holdt tilbake" not in told


def test_what_has_nothing_to_post_says_so(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42, {})
    told = visitor.sees(DAY.format(42))
    assert "Ingenting å føre: ingenting ble solgt, eller alt er fakturert." in told
    assert "Ingenting ble solgt og betalt i kassen." in told
    shop.send()
    assert "– Avsluttet" in visitor.sees(DAY.format(42))
    assert "ingenting å føre: ingenting ble solgt" in visitor.sees("/settlements")


def test_cash_movements_and_what_was_counted_are_shown(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42, paid={"cash": 24000}, counted=-20000, moved={"bank deposit": -44500})
    told = visitor.sees(DAY.format(42))
    assert "Kontant 240,00" in told
    assert "bank deposit Kontant −445,00" in told


# -- taken back ----------------------------------------------------------------------------------------------------


def test_a_voucher_is_reversed_with_a_reason_and_posted_anew(shop: Shop, go: Simulator, visitor: Visitor) -> None:
    shop.close_day(42)
    shop.send()
    first = z_record(shop).reference
    said = visitor.does("/settlements/z/reverse", form(shop, why="tipset sto på feil konto", again="1"))
    assert "Bilaget er tilbakeført i PowerOffice. Oppgjøret føres på nytt ved neste kjøring." in said
    assert z_record(shop).status is Status.PENDING

    shop.send()
    told = visitor.sees(DAY.format(42))
    assert "✓ Levert Levert til PowerOffice: bokført, bilag 3" in told  # 2 took the first back
    history = told.split("Hva som er ført under hver referanse")[1]
    assert history.index(z_record(shop).reference) < history.index(first)


def test_a_voucher_is_reversed_and_left_so(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42)
    shop.send()
    said = visitor.does("/settlements/z/reverse", form(shop, why="ført for hånd"))
    assert "Skal det føres på nytt likevel, gå til posten i køen" in said
    assert re.search(r"Var ført i PowerOffice, og ble tilbakeført \d\d\.\d\d\.\d{4} \d\d:\d\d", said)
    assert "Tilbakefør i PowerOffice" not in said
    assert z_record(shop).status is Status.REVERSED
    assert z_record(shop).detail == "ført for hånd"


def test_where_settlements_are_off_nobody_is_promised_that_it_is_posted_anew(shop: Shop) -> None:
    shop.close_day(42)
    shop.send()
    before = z_record(shop)
    shop.write(settlement="enabled = false")
    shop.reopen()
    visitor = Visitor(shop.app)
    page = visitor.get(DAY.format(42)).text
    assert 'action="/settlements/z/reverse"' in page
    assert 'name="again"' not in page

    told = visitor.does("/settlements/z/reverse", form(shop, why="x", again="1"))
    assert "dagsoppgjør er slått av: gi avdelingen kontoer i [ledger] i innstillingene, og sett ikke" in told
    assert z_record(shop) == before


def test_a_draft_is_deleted(shops: OpenShop) -> None:
    shop = settling(shops, 'posting = "draft"')
    shop.close_day(42)
    shop.send()
    visitor = Visitor(shop.app)
    assert "Slett kladden i PowerOffice" in visitor.sees(DAY.format(42))
    said = visitor.does("/settlements/z/reverse", form(shop, why="feil dag", draft="1"))
    assert "Kladden er slettet i PowerOffice." in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"why": "  "}, "Skriv hvorfor, til regnskapsføreren."),
        ({"why": "x" * 1001}, "Det er plass til 1000 tegn."),
        ({"why": "feil", "seen": "2020-01-01"}, "Noe har skjedd med oppgjøret siden siden ble vist."),
        ({"why": "feil", "seen": ""}, "Noe har skjedd med oppgjøret siden siden ble vist."),
    ],
)
def test_a_change_without_a_reason_or_of_what_has_moved_on_is_refused(
    shop: Shop, visitor: Visitor, changes: dict[str, Any], said: str
) -> None:
    shop.close_day(42)
    shop.send()
    assert said in visitor.does("/settlements/z/reverse", form(shop, **changes))
    assert z_record(shop).status is Status.DELIVERED


def test_what_the_desk_refuses_is_told_in_words(shop: Shop, go: Simulator, visitor: Visitor) -> None:
    shop.close_day(42)
    told = visitor.does("/settlements/z/reverse", form(shop, why="feil"))
    assert "bare et dagsoppgjør som er ført, kan tilbakeføres" in told
    shop.send()
    assert "bare en settlement_mismatch kan godtas" in visitor.does("/settlements/z/accept", form(shop, why="feil"))
    with only_sender(shop.app.database.path):
        told = visitor.does("/settlements/z/reverse", form(shop, why="feil"))
    assert "en annen prosess sender fra denne køen akkurat nå" in told
    go.fault("drop-before")
    assert "Det gikk ikke" in visitor.does("/settlements/z/reverse", form(shop, why="feil"))
    assert z_record(shop).status is Status.DELIVERED


# -- the list ------------------------------------------------------------------------------------------------------


def test_without_a_z_it_says_so(visitor: Visitor) -> None:
    assert "Ingen Z-rapport er tatt vare på ennå." in visitor.sees("/settlements")


def test_z_reports_are_listed_newest_first_with_state_amount_and_voucher(shop: Shop, visitor: Visitor) -> None:
    shop.ahead = -timedelta(days=1)
    shop.sell("1001")
    shop.close_day(41)
    shop.send()
    shop.ahead = timedelta(0)
    shop.close_day(42, paid={"card": 123})
    shop.send()
    told = visitor.sees("/settlements")
    assert told.index("Z 42") < told.index("Z 41")
    assert "! Ikke sendt Dagsoppgjøret går ikke i null. 200,00 – –" in told
    assert "✓ Levert Levert til PowerOffice: bokført 200,00 1 1" in told


def test_the_list_is_paged_by_key(shop: Shop, visitor: Visitor) -> None:
    shop.ahead = -timedelta(days=40)
    for number in range(1, 71):
        shop.close_day(number)
        shop.ahead += timedelta(hours=12)
    found, path, pages = [], "/settlements", 0
    while path:
        page = visitor.get(path).text
        found += [int(number) for number in re.findall(r">Z (\d+)</a>", page)]
        older = re.search(r'href="(/settlements\?before=[^"]+)" rel="next"', page)
        path, pages = (older[1] if older else ""), pages + 1
    assert found == [*range(70, 0, -1)]
    assert pages == 3
    for wrong in ("x", "2026-11-20", "2026-13-01.1", "2026-11-20.x", "'; DROP TABLE z_reports; --"):
        assert visitor.get("/settlements", query_string={"before": wrong}).status_code == 400


def test_a_z_that_is_damaged_hides_no_other(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(41)
    shop.close_day(42)
    shop.app.database.execute("UPDATE z_reports SET document = replace(document, '160', '161') WHERE number = '42'")
    shop.app.database.execute("UPDATE z_reports SET sha256 = 'x' WHERE number = '42'")
    told = visitor.sees("/settlements")
    assert "! Kan ikke leses" in told
    assert "Z 41" in told
    assert "kan ikke leses. Finn den i kassen" in visitor.sees(DAY.format(42))


# -- who may, and what may be thrown at it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [DAY.format(43), DAY.format("x" * 10_000), "/settlements/z", "/settlements/z?terminal=x&number=42"],
)
def test_there_is_no_page_of_a_z_that_is_not_kept(shop: Shop, visitor: Visitor, path: str) -> None:
    shop.close_day(42)
    assert "Siden finnes ikke" in seen(visitor.get(path), status=404)


@pytest.mark.parametrize("path", ["/settlements/z/reverse", "/settlements/z/accept", "/settlements/enqueue"])
def test_changes_are_taken_from_our_own_pages_alone(shop: Shop, visitor: Visitor, path: str) -> None:
    shop.close_day(42)
    shop.send()
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert visitor.post(path, form(shop, why="feil"), headers=headers).status_code == 403
    assert z_record(shop).status is Status.DELIVERED


def test_markup_in_what_the_till_and_people_wrote_is_shown(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42, paid={SCRIPT: 24000}, moved={SCRIPT + "m": -500})
    page = visitor.get(DAY.format(42)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;m" in page
    shop.close_day(43)
    shop.send()
    page = visitor.post("/settlements/z/reverse", form(shop, 43, why=SCRIPT), follow_redirects=True).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_z_numbered_by_text_has_a_page_too(shop: Shop, visitor: Visitor) -> None:
    shop.close_day("A/7 & <b>")  # type: ignore[arg-type]
    page = visitor.get("/settlements").text
    link = re.search(r'href="(/settlements/z\?[^"]+)"', page)
    assert link is not None
    assert "Dagsoppgjør Z A/7 & <b>" in visitor.sees(link[1].replace("&amp;", "&"))
