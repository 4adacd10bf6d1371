"""`settlement preview`, as an accountant sees it: what is posted, and what is held back and why."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from posplugin.app import App
from posplugin.domain.clock import business_date
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.reference import code_in
from posplugin.simulator import Simulator
from tests.integration.cli.settling_till import (
    FILE,
    WAITS,
    Run,
    change,
    close_day,
    flat,
    previewed,
    record_of,
    rows_of,
    sell,
    zone,
)
from tests.integration.sender.settled import z_of
from tests.integration.sender.shop import CLEARING_PRODUCTS, PRODUCTS


def test_a_z_is_seen_before_it_is_posted_and_after(till: Run) -> None:
    """DESIGN's example: accounts, VAT codes, debit, credit, sums, what is left over; then the voucher's number."""
    close_day(42)

    code, before, _ = till("settlement", "preview")
    assert code == 0
    assert rows_of(before)[:6] == [
        "Dagsoppgjør Z 42",
        "Kasse: till-1 · Avdeling: bar",
        f"Driftsdøgn: {business_date(datetime.now(UTC), zone()):%d.%m.%Y}",
        rows_of(before)[3],
        WAITS,
        "",
    ]
    journal = [
        "Konto Mva-kode Tekst Debet Kredit",
        "1580 0 Kort 240,00",
        "2981 0 Tips 40,00",
        "3000 3 Salg 100, 25 % 160,00",
        "3001 31 Salg 100, 15 % 40,00",
        "Sum 240,00 240,00",
        "Diff 0,00",
    ]
    assert rows_of(before)[6:14] == ["Blir ført", *journal]
    assert rows_of(before)[15:19] == [
        "Merverdiavgift",
        "Sats Mva-kode Med mva Mva i kassen Mva i regnskapet Differanse",
        "25 % 3 160,00 32,00 32,00 0,00",
        "15 % 31 40,00 5,22 5,22 0,00",
    ]
    assert "avrunding" not in before

    assert till("send")[0] == 0
    after = rows_of(till("settlement", "preview")[1])
    assert after[4:14] == ["Levert til PowerOffice: bokført, bilag 1", "", "Ført i PowerOffice", *journal]


def test_in_english_it_says_the_same(till: Run) -> None:
    change(language='"en"')
    close_day(42)
    till("send")

    rows = rows_of(till("settlement", "preview")[1])

    assert rows[:2] == ["Settlement Z 42", "Till: till-1 · Department: bar"]
    assert rows[4:9] == [
        "Delivered to PowerOffice: posted, voucher 1",
        "",
        "Posted in PowerOffice",
        "Account VAT code Text Debit Credit",
        "1580 0 Card 240,00",
    ]


def test_vat_that_rounds_otherwise_is_explained_once(till: Run) -> None:
    """Two groups of the till's, one amount of PowerOffice's."""
    z = z_of(42, {25: 16003, 15: 4007}, at=datetime.now(UTC), terminal="till-1")
    groups = (replace(z.cash.groups[0], vat=3202), replace(z.cash.groups[1], vat=522))
    close_day(42, {25: 16003, 15: 4007}, cash={"groups": groups})

    out = flat(till("settlement", "preview")[1])

    assert "25 % 3 160,03 32,02 32,01 −0,01 15 % 31 40,07 5,22 5,23 0,01" in out
    assert out.count("Differansen er avrunding") == 1
    assert "Høyst et halvt øre for hvert beløp som rundes av" in out
    assert [row["difference_ore"] for row in previewed(till)[0]["vat"]] == [-1, 1]


def test_where_the_settlement_reports_vat_what_is_invoiced_stands_on_clearing(till: Run) -> None:
    """The other VAT mode of DESIGN's example, near enough; the invoice that is on its way is named."""
    the_settlement_reports_vat()
    ref = sell("101")
    close_day(42, invoiced=[ref])

    rows = rows_of(till("settlement", "preview")[1])

    assert "1990 0 Faktura kasse 300,00" in rows
    assert "3000 3 Salg 100, 25 % 460,00" in rows
    assert "Sum 540,00 540,00" in rows
    assert "Salg på faktura: 1, til sammen 300,00; 0 levert." in rows
    assert any(row.startswith("Varene i disse salgene er med i bilaget") for row in rows)
    assert rows[-1].startswith("101 ")
    assert rows[-1].endswith(f"300,00 {WAITS}")


def the_settlement_reports_vat() -> None:
    text = FILE.read_text()
    for role, code in PRODUCTS.items():
        text = text.replace(f'{role} = "{code}"', f'{role} = "{CLEARING_PRODUCTS[role]}"')
    FILE.write_text(text)
    change(vat_reported_by='"settlement"')


@pytest.mark.parametrize(
    ("language", "on_clearing", "by_nobody"),
    [
        ("nb", "Avsluttet for hånd, og står på 1990 (klarering): ", "Avsluttet for hånd; føres av ingen her: "),
        ("en", "Closed by hand, and left on 1990 (clearing): ", "Closed by hand; posted by nobody here: "),
    ],
)
def test_an_invoice_that_is_let_go_after_it_was_put_on_clearing_is_told_apart(
    till: Run, language: str, on_clearing: str, by_nobody: str
) -> None:
    """Its sale stands posted, and what is on clearing is nobody's; taken back, it is posted by nobody again."""
    the_settlement_reports_vat()
    change(language=f'"{language}"')
    close_day(42, invoiced=[sell("101"), sell("102", 10000)])
    with App.open() as app:
        record = app.outbox.by_reference("102")
        app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "no", reason=Reason.REJECTED)
    assert till("outbox", "discard", "102", "--how", "for hånd", "--yes")[0] == 0
    assert till("send")[0] == 0
    with App.open() as app:
        app.outbox.set(app.outbox.by_reference("101"), "sender", "order 1 is not there", reason=Reason.GONE)
    assert till("outbox", "discard", "101", "--how", "betalte kontant", "--yes")[0] == 0

    out = flat(till("settlement", "preview")[1])
    assert "100,00 for hånd" in out.split(by_nobody)[1].split(on_clearing)[0]
    assert out.split(on_clearing)[1].endswith("300,00 betalte kontant")
    told = {each["receipt"]: each["on_clearing"] for each in previewed(till)[0]["discarded"]}
    assert told == {"101": True, "102": False}

    FILE.write_text(FILE.read_text().replace("invoice_clearing = 1990", "invoice_clearing = 1901"))
    assert on_clearing in flat(till("settlement", "preview")[1])

    assert till("settlement", "reverse", "Z 42", "--why", "feil", "--yes")[0] == 0
    out = flat(till("settlement", "preview")[1])
    assert (on_clearing in out, by_nobody in out) == (False, True)
    assert not any(each["on_clearing"] for each in previewed(till)[0]["discarded"])


def test_invoices_are_counted_and_those_not_there_yet_are_named(
    till: Run, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting, in need of a person with the reason, delivered, and let go by a person with what became of it."""
    refs = [sell("101"), sell("102", 10000)]
    close_day(42, invoiced=refs)
    out = flat(till("settlement", "preview")[1])
    assert "Salg på faktura: 2, til sammen 400,00; 0 levert." in out
    assert "Disse salgene er ikke med i bilaget" in out
    assert f"300,00 {WAITS}" in out

    simulator.archive_customer(10002)
    till("send", "--kind", "invoice")
    out = flat(till("settlement", "preview")[1])
    assert "101 " in out
    assert "300,00 Trenger et menneske (customer_archived)" in out

    till("outbox", "discard", "102", "--how", "faktura 77 for hånd", "--yes")
    simulator.change("customer", "Number", 10002, IsArchived=False, IsActive=True)
    till("outbox", "retry", "101")
    assert till("send")[0] == 0
    out = flat(till("settlement", "preview")[1])
    assert "Salg på faktura: 1, til sammen 300,00; 1 levert." in out
    assert "Ikke levert ennå" not in out
    assert "Avsluttet for hånd; føres av ingen her: Nota Beløp 102" in out
    assert out.endswith("100,00 faktura 77 for hånd")
    assert [(i["receipt"], i["detail"]) for i in previewed(till)[0]["discarded"]] == [("102", "faktura 77 for hånd")]


def test_a_z_without_sales_posts_nothing_and_says_so(till: Run) -> None:
    close_day(42, {})
    assert "Ingenting å føre" in till("settlement", "preview")[1]
    assert previewed(till)[0]["nothing_to_post"] is True

    code, out, err = till("send")

    assert (code, out) == (0, "Ikke noe nytt å sende.\n")
    assert "Z 42: ingenting å føre" in err
    assert "Ingenting å føre" in till("settlement", "preview")[1]


# -- what is held back ---------------------------------------------------------------------------------------------


def test_a_z_that_does_not_add_up_is_held_back_with_its_likely_cause(till: Run, simulator: Simulator) -> None:
    """Seen before it is tried, and after; posted by hand, it is closed."""
    close_day(42, paid={"card": 20000})
    for words in ("settlement", "preview"), ("send",), ("settlement", "preview"):
        code, out, err = till(*words)
        told, short = flat(out + err), code_in(record_of(till)["reference"])
        assert code == 3
        assert "(unbalanced)" in told
        assert "avviker med −40,00 fra varegrupper, tips og avrunding: tipset er ikke med i betalingene" in told
        assert f"avslutt med `posplugin outbox discard {short}`" in told

    assert "Ville blitt ført; nå føres ingenting" in out
    assert "Diff −40,00" in rows_of(out)
    assert simulator.vouchers() == []

    assert till("outbox", "discard", "Z 42", "--how", "bilag 17 for hånd", "--yes")[0] == 0
    code, out, _ = till("settlement", "preview", "--from", "2020-01-01")
    assert (code, rows_of(out)[4:6]) == (0, ["Avsluttet", "bilag 17 for hånd"])


def test_a_missing_account_is_named_by_its_setting(till: Run) -> None:
    """Given one, the settlement goes on."""
    close_day(42, {25: 16000}, paid={"vipps": 16000})

    code, out, _ = till("settlement", "preview")

    assert code == 3
    assert 'avdelingen bar: ledger.tenders har ingen konto for "vipps"' in flat(out)
    assert rows_of(out)[-9:-3] == [
        "3000 3 Salg 100, 25 % 160,00",
        "mangler – vipps 160,00",
        "Sum 160,00 160,00",
        "Diff 0,00",
        "Linjene uten konto føres først når kontoene står i innstillingene.",
        "",
    ]
    assert previewed(till)[0]["without_account"] == [{"text": "vipps", "vat_rate": None, "amount_ore": 16000}]
    assert till("send")[0] == 3

    FILE.write_text(FILE.read_text().replace("card = 1580", "card = 1580, vipps = 1580"))
    assert till("outbox", "retry", "Z 42")[0] == 0
    assert till("settlement", "preview")[0] == 0
    assert till("send")[0] == 0


def test_a_mismatch_is_told_by_name_and_accepted_by_a_person(till: Run, simulator: Simulator) -> None:
    """What the Z has and we do not, and what we have and no Z; accepted, it is posted, and said to be accepted."""
    sell("102", 20000)
    close_day(42, invoiced=[PaymentRef("till-1", "s999", "1")])
    till("send")

    code, out, _ = till("settlement", "preview")
    told = flat(out)
    assert code == 3
    assert "Holdt tilbake (settlement_mismatch)" in told
    assert "I Z-en, og ikke hos oss: till-1/s999/1" in told
    assert "Hos oss, og ikke i noen Z: Nota 102 (till-1/102/1) 200,00" in told
    assert previewed(till)[0]["missing_here"] == ["till-1/s999/1"]

    assert till("settlement", "accept", "Z 42")[0] == 2
    assert till("settlement", "accept", "Z 42", "--how", " ")[0] == 2
    code, _, err = till("settlement", "accept", "z 42", "--how", "slått på en annen kasse")
    assert (code, err) == (0, "Z 42 går videre ved neste kjøring (eller nå: posplugin send).\n")
    code, out, _ = till("settlement", "preview")
    assert code == 0
    assert "noen har godtatt det slik: Godtatt av tekniker " in flat(out)
    assert re.search(r"\d\d:\d\d: «slått på en annen kasse» I Z-en, og ikke hos oss: till-1/s999/1: aldri", flat(out))
    assert previewed(till)[0]["accepted"]["why"] == "slått på en annen kasse"
    assert till("send")[0] == 0
    told = flat(till("settlement", "preview")[1])
    assert "Z-en og fakturaene er ikke enige: Godtatt av tekniker " in told
    assert len(simulator.vouchers()) == 1
    events = json.loads(till("outbox", "show", "Z 42", "--json")[1])["events"]
    assert "accepted: slått på en annen kasse" in [event["why"] for event in events]


def test_a_mismatch_that_nobody_has_tried_to_post_yet_can_be_accepted_as_well(till: Run) -> None:
    """The preview says so before the night, and names the command."""
    close_day(42, invoiced=[PaymentRef("till-1", "s999", "1")])
    assert till("settlement", "preview")[0] == 3

    assert till("settlement", "accept", "Z42", "--how", "øvelsessalg")[0] == 0

    assert till("settlement", "preview")[0] == 0
    assert till("send")[0] == 0


def test_a_mismatch_that_is_mended_goes_on_by_itself(till: Run) -> None:
    """Captured once more, the sale is here: the preview says so before the run does it."""
    close_day(42, invoiced=[PaymentRef("till-1", "103", "1")])
    assert till("send")[0] == 3
    sell("103")

    code, out, _ = till("settlement", "preview")

    assert (code, "oppgjøret går videre ved neste kjøring" in flat(out)) == (0, True)
    assert till("send")[0] == 0


def test_what_was_posted_and_reversed_there_since_needs_a_person(till: Run, simulator: Simulator) -> None:
    close_day(42)
    till("send")
    simulator.reverse_voucher(simulator.vouchers()[0]["Id"])
    till("outbox", "sync")

    code, out, _ = till("settlement", "preview")

    assert (code, "Trenger et menneske (gone)" in flat(out)) == (3, True)
    assert re.search(r"^Var ført i PowerOffice, og er tilbakeført der \(sett [\d.]{10} \d\d:\d\d\)$", out, re.M)
    assert "Ført i PowerOffice" not in out


def test_what_waits_for_the_days_invoices_says_for_which(till: Run, simulator: Simulator) -> None:
    change(after_invoices="true")
    sell("101")
    close_day(42, invoiced=[PaymentRef("till-1", "101", "1")])
    simulator.archive_customer(10002)

    _, _, err = till("send")

    assert "Z 42 venter: 1 av dagens fakturaer er fortsatt på vei: 101" in err
    assert "Venter: 1 av dagens fakturaer er fortsatt på vei: 101" in till("settlement", "preview")[1]
