"""One record as a technician and an accountant read it, and what is done about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import OriginalSale
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.steps import Step, StepState
from posplugin.simulator import Simulator
from tests.fixtures.sales import line, tender
from tests.integration.console.visitor import Visitor, seen
from tests.integration.sender.shop import SETTLES, OpenShop, Shop


@pytest.fixture
def failed(shop: Shop, go: Simulator) -> Visitor:
    """At the page of record 1, whose customer is archived."""
    shop.sell("1001", 4500, customer=10003)
    go.archive_customer(10003)
    shop.send()
    return Visitor(shop.app)


def test_a_delivered_invoice_tells_its_whole_story(shop: Shop) -> None:
    fields = {PaymentField.NOTE: "Julebord", PaymentField.YOUR_REFERENCE: "Kari", PaymentField.PURPOSE: "møte"}
    record = shop.sell("1002", {25: 24000, 15: 6000}, fields=fields)
    shop.send()
    told = Visitor(shop.app).sees(f"/record/{record.id}")

    assert "Faktura for nota 1002 ✓ Levert Levert til PowerOffice: utkast" in told
    for said in ("Notat Julebord", "Deres referanse Kari", "Formål møte"):
        assert said in told
    assert "Varer 25 % 192,00 48,00 240,00 Varer 15 % 52,17 7,83 60,00 Sum 300,00" in told
    assert "Mva rapporteres av: Fakturaen." in told
    story = told.split("Historien")[1]
    happened = ["Lovet, venter på kassen", "Venter på å bli sendt", "Sendes nå", "Levert til PowerOffice"]
    assert [story.index(one) for one in happened] == sorted(story.index(one) for one in happened)
    assert "Godtatt" in told
    assert '"CustomerNo": 10002,' in told
    assert "sum 300,00 kr." in told
    assert "Betalt Ikke sendt til kunden ennå" in told
    assert shop.record("1002").reference in told


def test_what_is_sent_and_paid_is_told(shop: Shop, go: Simulator) -> None:
    record = shop.sell("1001")
    shop.send()
    go.send_order(str(shop.record("1001").accounting_id))
    shop.app.follow()
    visitor = Visitor(shop.app)
    told = visitor.sees(f"/record/{record.id}")
    number = shop.record("1001").invoice_number
    assert f"Fakturanummer {number}" in told
    assert "Betalt Nei, ikke ennå" in told

    assert number is not None
    go.pay(number)
    shop.app.follow()
    assert "Betalt Ja" in visitor.sees(f"/record/{record.id}")


def test_a_credit_note_and_its_invoice_lead_to_each_other(shop: Shop) -> None:
    sold = shop.sell("1001", 10000)
    shop.send()
    original = OriginalSale(terminal_id="bar-1", sale_id="s1001")
    returned = shop.sell("1002", -4000, original=original)
    visitor = Visitor(shop.app)
    assert f'<a href="/record/{returned.id}">1002</a>' in visitor.get(f"/record/{sold.id}").text
    assert "Kreditert av 1002" in visitor.sees(f"/record/{sold.id}")
    told = visitor.get(f"/record/{returned.id}").text
    assert f'<a href="/record/{sold.id}">1001</a>' in told
    assert "Kreditnota for nota 1002" in told
    assert "−40,00" in told


def test_a_split_sale_shows_which_part_is_invoiced(shop: Shop) -> None:
    request = shop.request("1001", {25: 30000})
    sale = replace(
        request.sale, lines=(line(40000, 25, "Middag"),), tenders=(tender(30000, tender_id="1"), tender(10000, "card"))
    )
    shop.app.till().capture(replace(request, sale=sale))
    told = Visitor(shop.app).sees("/record/1")
    assert "Andel Middag 1 25 % 400,00 300,00" in told
    assert "Betalt på annen måte: 100,00" in told


def test_a_settlement_shows_its_z_and_its_journal(shops: OpenShop) -> None:
    shop = shops(**SETTLES)
    shop.close_day(26324)
    record = shop.record("Z 26324")
    visitor = Visitor(shop.app)
    told = visitor.sees(f"/record/{record.id}")
    assert "Dagsoppgjør Z 26324" in told
    assert "Blir ført Konto" in told
    assert "✓ Diff 0,00" in told
    assert "Rett kunde" not in told
    shop.send()
    told = visitor.sees(f"/record/{record.id}")
    assert "Ført i PowerOffice Konto" in told
    assert "Bilagsnummer" in told


def test_what_needs_a_person_says_why_in_whose_words_and_what_to_do(failed: Visitor) -> None:
    told = failed.sees("/record/1")
    assert "Trenger et menneske: Kunden er arkivert i PowerOffice." in told
    assert "Customer with Number = '10003' is archived" in told  # PowerOffice's own words
    assert "Hva du gjør. Hent kunden fram igjen under Kunder i PowerOffice." in told
    assert "<reference>" not in told
    assert "! Avvist" in told
    assert "HTTP 400" in told


def test_a_failed_record_is_tried_again_and_goes_green(failed: Visitor, shop: Shop, go: Simulator) -> None:
    go.change("customer", "Number", 10003, IsArchived=False, IsActive=True)
    told = failed.does("/record/1/retry", {"seen": _seen(failed)})
    assert "Går videre ved neste kjøring." in told
    assert "… Venter" in told
    shop.send()
    assert "✓ Levert" in failed.sees("/record/1")


def _seen(visitor: Visitor) -> str:
    return visitor.get("/record/1").text.split('name="seen" value="')[1].split('"')[0]


def test_a_discarded_record_says_how_it_was_handled(failed: Visitor, shop: Shop) -> None:
    told = failed.does("/record/1/discard", {"how": "  fakturert for hånd, nr. 77  ", "seen": _seen(failed)})
    assert "– Avsluttet" in told
    assert "Slik ble den ordnet: fakturert for hånd, nr. 77" in told
    assert "Ingenting trengs her nå." in told
    assert shop.record("1001").detail == "fakturert for hånd, nr. 77"


@pytest.mark.parametrize(("how", "why"), [("", "Skriv hvordan"), ("   \n", "Skriv hvordan"), ("x" * 1001, "1000 tegn")])
def test_nobody_discards_without_saying_how(failed: Visitor, shop: Shop, how: str, why: str) -> None:
    assert why in failed.does("/record/1/discard", {"how": how})
    assert shop.record("1001").status is Status.NEEDS_ATTENTION


def test_another_customer_and_references_are_put_right(failed: Visitor, shop: Shop) -> None:
    form = {"customer": "10002", "your_reference": "Ola", "order_number": "PO-9", "seen": _seen(failed)}
    told = failed.does("/record/1/amend", form)
    assert "Rettet." in told
    assert "Bergen Havnelag AS" in told
    assert "rettet: kunde 10003 → 10002, deres referanse ingen → Ola, bestillingsnummer ingen → PO-9" in told
    invoice = shop.record("1001").invoice()
    assert (invoice.customer_number, invoice.your_reference, invoice.order_number) == (10002, "Ola", "PO-9")

    told = failed.does("/record/1/amend", {**form, "your_reference": "", "seen": _seen(failed)})
    assert shop.record("1001").invoice().your_reference is None


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"customer": "10003", "your_reference": "", "order_number": ""}, "Ingenting å rette"),
        ({"customer": ""}, "Ingenting å rette"),
        ({}, "Ingenting å rette"),
        ({"customer": "ti"}, "bare siffer"),
        ({"customer": "99999999999999999999"}, "bare siffer"),
        ({"customer": "77"}, "kunde 77 finnes ikke i registeret"),
        ({"customer": "10001"}, "må ha «Deres referanse»"),
        ({"your_reference": "x" * 10_000}, "det er plass til 250 tegn"),
    ],
)
def test_a_correction_that_is_refused_is_told_in_words(
    failed: Visitor, shop: Shop, form: dict[str, str], why: str
) -> None:
    before = shop.record("1001")
    assert why in failed.does("/record/1/amend", {**form, "seen": _seen(failed)})
    assert shop.record("1001") == before


def test_a_record_is_hidden_and_shown_again(failed: Visitor, shop: Shop) -> None:
    assert "Vis i køen igjen" in failed.does("/record/1/hide", {"seen": _seen(failed)})
    assert shop.record("1001").hidden
    assert "Skjul i køen" in failed.does("/record/1/show", {"seen": _seen(failed)})
    assert not shop.record("1001").hidden


def test_what_has_changed_since_the_page_was_opened_is_left_alone(failed: Visitor, shop: Shop) -> None:
    seen_at = _seen(failed)
    failed.does("/record/1/hide", {"seen": seen_at})
    before = shop.record("1001")
    for act, form in (("retry", {}), ("discard", {"how": "by hand"}), ("amend", {"customer": "10002"})):
        assert "endret seg siden du åpnet siden" in failed.does(f"/record/1/{act}", {**form, "seen": seen_at})
        assert "endret seg siden du åpnet siden" in failed.does(f"/record/1/{act}", form)  # nobody says what was seen
    assert shop.record("1001") == before


@pytest.mark.parametrize("act", ["retry", "discard"])
def test_what_the_office_refuses_is_told_in_its_words(shop: Shop, visitor: Visitor, act: str) -> None:
    shop.sell("1001")
    told = visitor.does(f"/record/1/{act}", {"how": "by hand", "seen": _seen(visitor)})
    assert "Det gikk ikke, og ingenting er endret." in told
    assert "bare det som trenger et menneske" in told


def test_only_what_is_possible_is_offered(shop: Shop, failed: Visitor) -> None:
    shop.sell("1002")
    told = failed.sees("/record/1")
    assert all(act in told for act in ("Prøv på nytt", "Avslutt for godt", "Rett kunde eller referanser"))
    told = failed.sees("/record/2")
    assert "Rett kunde eller referanser" in told
    assert "Avslutt for godt" not in told
    assert 'action="/record/2/retry"' not in failed.get("/record/2").text


def test_the_request_is_shown_on_demand_and_nothing_is_sent(shop: Shop, visitor: Visitor, go: Simulator) -> None:
    shop.sell("1001", 12500)
    asked = len(shop.requests())
    assert "CustomerNo" not in visitor.sees("/record/1")
    assert len(shop.requests()) == asked  # looking at the page asks nobody
    told = seen(visitor.post("/record/1/preview"))
    assert "Dette ville blitt sendt nå Ingenting er sendt." in told
    assert '"CustomerNo": 10002' in told
    assert len(shop.requests()) > asked
    assert go.orders() == []


def test_what_keeps_a_request_from_being_made_is_told(shop: Shop, visitor: Visitor, go: Simulator) -> None:
    shop.sell("1001", 12500)
    go.archive_product("30")
    told = seen(visitor.post("/record/1/preview"))
    assert "Den kan ikke sendes nå." in told
    assert "30" in told


def test_a_poweroffice_that_is_away_is_told(shop: Shop, visitor: Visitor, go: Simulator) -> None:
    shop.sell("1001", 12500)
    go.stop()
    told = seen(visitor.post("/record/1/preview"))
    go.start()
    assert "Den kan ikke sendes nå." in told
    assert "PowerOffice kan ikke nås" in told


def test_steps_after_the_delivery_are_shown_and_let_go(shop: Shop, visitor: Visitor) -> None:
    shop.sell("1001")
    shop.send()
    shop.app.outbox.steps.write(shop.record("1001"), Step.ATTACH, StepState.FAILED, "too large")
    shop.app.outbox.set(shop.record("1001"), "sender", "no", reason="attachment_failed", detail="too large")
    told = visitor.sees("/record/1")
    assert "Etter leveringen ! Feilet Legge ved PDF" in told
    assert "PDF-en kunne ikke legges ved" in told
    visitor.does("/record/1/discard", {"how": "lagt ved for hånd", "seen": _seen(visitor)})
    told = visitor.sees("/record/1")
    assert "✓ Gjort Legge ved PDF" in told
    assert "✓ Levert" in told


def test_a_damaged_document_is_said_to_be_and_can_only_be_let_go(shop: Shop, visitor: Visitor) -> None:
    shop.sell("1001")
    shop.app.database.execute("UPDATE records SET document = replace(document, '10000', '90000')")
    told = visitor.sees("/record/1")
    assert "ikke slik det ble skrevet" in told
    shop.send()
    assert "Prøv på nytt" not in visitor.sees("/record/1").split("Hva du kan gjøre")[1].split("Kort fortalt")[0]


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999", "x", "1/x"])
def test_a_record_that_is_not_there_is_told_in_words(shop: Shop, visitor: Visitor, number: str) -> None:
    shop.sell("1001")
    assert "Siden finnes ikke" in seen(visitor.get(f"/record/{number}"), status=404)
    if number in ("2", "99999999999999999999"):
        assert visitor.post(f"/record/{number}/retry").status_code == 404
