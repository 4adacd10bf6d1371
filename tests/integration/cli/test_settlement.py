"""Settlements as an accountant and a technician see them: what is posted, what is held back, and taking one back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.clock import business_date
from posplugin.domain.payment import PaymentRef, PaymentRequest
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import Sale, SaleLine, Tender
from posplugin.domain.zreport import ZReport
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.integration.sender.settled import z_of
from tests.integration.sender.shop import CLEARING_PRODUCTS, LEDGER, PRODUCTS

Run = Callable[..., tuple[int, str, str]]
FILE = Path("posplugin.toml")
WAITS = "Venter på å bli sendt"


@pytest.fixture
def till(run: Run, simulator: Simulator) -> Run:
    """A till whose settlements are posted, with its customers; it speaks bokmål."""
    words = ("--terminal", "till-1", "--department", "bar", "--mode", "simulator")
    assert run("init", *words, "--simulator-url", simulator.url)[0] == 0
    FILE.write_text(FILE.read_text() + LEDGER)
    assert run("customers", "sync")[0] == 0
    return run


def _change(**settings: str) -> None:
    """Write lines of the settings file otherwise: each begins with the name."""
    text = FILE.read_text()
    for name, value in settings.items():
        old = next(line for line in text.splitlines() if line.removeprefix("# ").startswith(f"{name} = "))
        text = text.replace(old, f"{name} = {value}", 1)
    FILE.write_text(text)


def _off() -> None:
    FILE.write_text(FILE.read_text().replace("[settlement]", "[settlement]\nenabled = false", 1))


def _on() -> None:
    FILE.write_text(FILE.read_text().replace("enabled = false", "enabled = true", 1))


def _sell(receipt: str, amount: int = 30000) -> PaymentRef:
    ref = PaymentRef("till-1", receipt, "1")
    sale = Sale(
        sale_id=receipt,
        terminal_id="till-1",
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=amount, vat_rate=25),),
        tenders=(Tender(tender_id="1", channel="invoice", amount=amount),),
    )
    with App.open() as app:
        request = PaymentRequest(ref=ref, sale=sale, customer_number=10002)
        app.till().authorize(request)
        app.till().capture(request)
    return ref


def _close(number: int, sold: dict[int, int] | None = None, **told: Any) -> ZReport:
    """Close the day; return the Z."""
    changes = told.pop("cash", {})
    z = z_of(number, sold, at=told.pop("at", datetime.now(UTC)), terminal="till-1", **told)
    z = replace(z, cash=replace(z.cash, **changes))
    with App.open() as app:
        assert app.till().day_closed(z)
    return z


def _flat(text: str) -> str:
    """Return a text with its lines joined and its columns closed up; amounts keep their spaces."""
    return " ".join(text.replace("\u00a0", "_").split())


def _rows(text: str) -> list[str]:
    return [_flat(line) for line in text.splitlines()]


def _json(run: Run, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("settlement", "preview", "--json", *words)[1])
    return found


def _record(run: Run, receipt: str = "Z 42") -> dict[str, Any]:
    found = json.loads(run("outbox", "list", "--json")[1])
    return next(record for record in found if record["receipt"] == receipt)


# -- what is posted ------------------------------------------------------------------------------------------------


def test_a_z_is_seen_before_it_is_posted_and_after(till: Run) -> None:
    """DESIGN's example: accounts, VAT codes, debit, credit, sums, what is left over; then the voucher's number."""
    _close(42)

    code, before, _ = till("settlement", "preview")
    assert code == 0
    assert _rows(before)[:6] == [
        "Kasseoppgjør Z 42",
        "Kasse: till-1 · Avdeling: bar",
        f"Driftsdøgn: {business_date(datetime.now(UTC), _zone()):%d.%m.%Y}",
        _rows(before)[3],
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
    assert _rows(before)[6:14] == ["Blir ført", *journal]
    assert _rows(before)[15:19] == [
        "Merverdiavgift",
        "Sats Mva-kode Med mva Mva i kassen Mva i regnskapet Differanse",
        "25 % 3 160,00 32,00 32,00 0,00",
        "15 % 31 40,00 5,22 5,22 0,00",
    ]
    assert "avrunding" not in before

    assert till("send")[0] == 0
    after = _rows(till("settlement", "preview")[1])
    assert after[4:14] == ["Levert til PowerOffice: bokført, bilag 1", "", "Ført i PowerOffice", *journal]


def _zone() -> Any:
    with App.open() as app:
        return app.settings.terminal.timezone


def test_in_english_it_says_the_same(till: Run) -> None:
    _change(language='"en"')
    _close(42)
    till("send")

    rows = _rows(till("settlement", "preview")[1])

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
    _close(42, {25: 16003, 15: 4007}, cash={"groups": groups})

    out = _flat(till("settlement", "preview")[1])

    assert "25 % 3 160,03 32,02 32,01 −0,01 15 % 31 40,07 5,22 5,23 0,01" in out
    assert out.count("Differansen er avrunding") == 1
    assert "Høyst et halvt øre for hvert beløp som rundes av" in out
    assert [row["difference_ore"] for row in _json(till)[0]["vat"]] == [-1, 1]


def test_where_the_settlement_reports_vat_what_is_invoiced_stands_on_clearing(till: Run) -> None:
    """The other VAT mode of DESIGN's example, near enough; the invoice that is on its way is named."""
    text = FILE.read_text()
    for role, code in PRODUCTS.items():
        text = text.replace(f'{role} = "{code}"', f'{role} = "{CLEARING_PRODUCTS[role]}"')
    FILE.write_text(text)
    _change(vat_reported_by='"settlement"')
    ref = _sell("101")
    _close(42, invoiced=[ref])

    rows = _rows(till("settlement", "preview")[1])

    assert "1990 0 Faktura kasse 300,00" in rows
    assert "3000 3 Salg 100, 25 % 460,00" in rows
    assert "Sum 540,00 540,00" in rows
    assert "Salg på faktura: 1, til sammen 300,00; 0 levert." in rows
    assert any(row.startswith("Varene i disse salgene er med i bilaget") for row in rows)
    assert rows[-1].startswith("101 ")
    assert rows[-1].endswith(f"300,00 {WAITS}")


def test_invoices_are_counted_and_those_not_there_yet_are_named(
    till: Run, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting, in need of a person with the reason, delivered, and let go by a person with what became of it."""
    refs = [_sell("101"), _sell("102", 10000)]
    _close(42, invoiced=refs)
    out = _flat(till("settlement", "preview")[1])
    assert "Salg på faktura: 2, til sammen 400,00; 0 levert." in out
    assert "Disse salgene er ikke med i bilaget" in out
    assert f"300,00 {WAITS}" in out

    simulator.archive_customer(10002)
    till("send", "--kind", "invoice")
    out = _flat(till("settlement", "preview")[1])
    assert "101 " in out
    assert "300,00 Trenger et menneske (customer_archived)" in out

    till("outbox", "discard", "102", "--how", "faktura 77 for hånd", "--yes")
    simulator.change("customer", "Number", 10002, IsArchived=False, IsActive=True)
    till("outbox", "retry", "101")
    assert till("send")[0] == 0
    out = _flat(till("settlement", "preview")[1])
    assert "Salg på faktura: 1, til sammen 300,00; 1 levert." in out
    assert "Ikke levert ennå" not in out
    assert "Avsluttet for hånd; føres av ingen her: Nota Beløp 102" in out
    assert out.endswith("100,00 faktura 77 for hånd")
    assert [(i["receipt"], i["detail"]) for i in _json(till)[0]["discarded"]] == [("102", "faktura 77 for hånd")]


def test_a_z_without_sales_posts_nothing_and_says_so(till: Run) -> None:
    _close(42, {})
    assert "Ingenting å føre" in till("settlement", "preview")[1]
    assert _json(till)[0]["nothing_to_post"] is True

    code, out, err = till("send")

    assert (code, out) == (0, "Nothing new to send.\n")
    assert "Z 42: nothing to post" in err
    assert "Ingenting å føre" in till("settlement", "preview")[1]


# -- what is held back ---------------------------------------------------------------------------------------------


def test_a_z_that_does_not_add_up_is_held_back_with_its_likely_cause(till: Run, simulator: Simulator) -> None:
    """Seen before it is tried, and after; posted by hand, it is closed."""
    _close(42, paid={"card": 20000})
    for words in ("settlement", "preview"), ("send",), ("settlement", "preview"):
        code, out, err = till(*words)
        told, short = _flat(out + err), _record(till)["reference"][14:22]
        assert code == 3
        assert "(unbalanced)" in told
        assert "by −40,00: the tips are not within the tenders" in told
        assert f"avslutt med `posplugin outbox discard {short}`" in told

    assert "Ville blitt ført; nå føres ingenting" in out
    assert "Diff −40,00" in _rows(out)
    assert simulator.vouchers() == []

    assert till("outbox", "discard", "Z 42", "--how", "bilag 17 for hånd", "--yes")[0] == 0
    code, out, _ = till("settlement", "preview", "--from", "2020-01-01")
    assert (code, _rows(out)[4:6]) == (0, ["Avsluttet for hånd", "bilag 17 for hånd"])


def test_a_missing_account_is_named_by_its_setting(till: Run) -> None:
    """Given one, the settlement goes on."""
    _close(42, {25: 16000}, paid={"vipps": 16000})

    code, out, _ = till("settlement", "preview")

    assert code == 3
    assert 'department bar: ledger.tenders has no account for "vipps"' in _flat(out)
    assert "Det som mangler konto, er ikke med i disse linjene." in out
    assert till("send")[0] == 3

    FILE.write_text(FILE.read_text().replace("card = 1580", "card = 1580, vipps = 1580"))
    assert till("outbox", "retry", "Z 42")[0] == 0
    assert till("settlement", "preview")[0] == 0
    assert till("send")[0] == 0


def test_a_mismatch_is_told_by_name_and_accepted_by_a_person(till: Run, simulator: Simulator) -> None:
    """What the Z has and we do not, and what we have and no Z; accepted, it is posted, and said to be accepted."""
    _sell("102", 20000)
    _close(42, invoiced=[PaymentRef("till-1", "s999", "1")])
    till("send")

    code, out, _ = till("settlement", "preview")
    told = _flat(out)
    assert code == 3
    assert "Holdt tilbake (settlement_mismatch)" in told
    assert "I Z-en, og ikke hos oss: till-1/s999/1" in told
    assert "Hos oss, og ikke i noen Z: Nota 102 (till-1/102/1) 200,00" in told
    assert _json(till)[0]["missing_here"] == ["till-1/s999/1"]

    assert till("settlement", "accept", "Z 42")[0] == 2
    assert till("settlement", "accept", "Z 42", "--how", " ")[0] == 2
    code, _, err = till("settlement", "accept", "z 42", "--how", "slått på en annen kasse")
    assert (code, err) == (0, "Z 42 goes on in the next run (or now: posplugin send).\n")
    code, out, _ = till("settlement", "preview")
    assert (code, "noen har godtatt det slik: I Z-en, og ikke hos oss: till-1/s999/1" in _flat(out)) == (0, True)
    assert till("send")[0] == 0
    assert len(simulator.vouchers()) == 1
    events = json.loads(till("outbox", "show", "Z 42", "--json")[1])["events"]
    assert "accepted: slått på en annen kasse" in [event["why"] for event in events]


def test_a_mismatch_that_nobody_has_tried_to_post_yet_can_be_accepted_as_well(till: Run) -> None:
    """The preview says so before the night, and names the command."""
    _close(42, invoiced=[PaymentRef("till-1", "s999", "1")])
    assert till("settlement", "preview")[0] == 3

    assert till("settlement", "accept", "Z42", "--how", "øvelsessalg")[0] == 0

    assert till("settlement", "preview")[0] == 0
    assert till("send")[0] == 0


def test_a_mismatch_that_is_mended_goes_on_by_itself(till: Run) -> None:
    """Captured once more, the sale is here: the preview says so before the run does it."""
    _close(42, invoiced=[PaymentRef("till-1", "103", "1")])
    assert till("send")[0] == 3
    _sell("103")

    code, out, _ = till("settlement", "preview")

    assert (code, "oppgjøret går videre ved neste kjøring" in _flat(out)) == (0, True)
    assert till("send")[0] == 0


def test_what_was_posted_and_reversed_there_since_needs_a_person(till: Run, simulator: Simulator) -> None:
    _close(42)
    till("send")
    simulator.reverse_voucher(simulator.vouchers()[0]["Id"])
    till("outbox", "sync")

    code, out, _ = till("settlement", "preview")

    assert (code, "Trenger et menneske (gone)" in _flat(out)) == (3, True)
    assert "Ført i PowerOffice" in out


def test_what_waits_for_the_days_invoices_says_for_which(till: Run, simulator: Simulator) -> None:
    _change(after_invoices="true")
    _sell("101")
    _close(42, invoiced=[PaymentRef("till-1", "101", "1")])
    simulator.archive_customer(10002)

    _, _, err = till("send")

    assert "Z 42 waits: 1 of the day's invoices are on their way still: 101" in err
    assert "Venter: 1 of the day's invoices are on their way still: 101" in till("settlement", "preview")[1]


# -- days ----------------------------------------------------------------------------------------------------------


def test_days_are_chosen_and_wrong_ones_are_refused(till: Run) -> None:
    """Without days: what is open; a single date or a period, never both, never backwards."""
    assert till("settlement", "preview") == (0, "", "No Z report is kept yet.\n")
    now = datetime.now(UTC)
    days = [_close(number, at=now - timedelta(days=3 - number)).business_date.isoformat() for number in (1, 2, 3)]

    assert [z["z"] for z in _json(till)] == ["Z 1", "Z 2", "Z 3"]
    assert [z["z"] for z in _json(till, "--date", days[1])] == ["Z 2"]
    assert [z["z"] for z in _json(till, "--from", days[1])] == ["Z 2", "Z 3"]
    assert [z["z"] for z in _json(till, "--from", days[0], "--to", days[1])] == ["Z 1", "Z 2"]
    till("send")
    assert [z["z"] for z in _json(till)] == ["Z 3"]

    for words, told in (
        (["--date", days[0], "--to", days[1]], "say either --date, or --from and --to"),
        (["--from", days[1], "--to", days[0]], f"--from {days[1]} is after --to {days[0]}"),
        (["--date", "21.11.2026"], "'21.11.2026' is no date; write 2026-11-20"),
    ):
        code, out, err = till("settlement", "preview", *words)
        assert (code, out, told in _flat(err)) == (2, "", True), words
    assert till("send", "--from", days[1], "--to", days[0])[0] == 2
    assert till("settlement", "preview", "--to", "2020-01-01") == (0, "", "No Z report of these days is kept.\n")
    assert _json(till, "--to", "2020-01-01") == []


def test_what_was_kept_while_settlements_were_off_is_posted_when_a_period_is_named(
    till: Run, simulator: Simulator
) -> None:
    """The preview says that it is not on its way, and how to send it; a dry run takes nothing in."""
    _off()
    day = _close(42).business_date.isoformat()
    period = ("--kind", "settlement", "--from", day, "--to", day)

    code, out, _ = till("settlement", "preview")
    assert (code, "Tatt vare på mens dagsoppgjør var slått av" in out) == (0, True)
    assert f"   posplugin send --kind settlement --from {day} --to {day}" in out.splitlines()
    assert "sett settlement.enabled til true" in _flat(out)
    code, _, err = till("send", *period)
    assert (code, "settlement.enabled is false in" in err) == (2, True)

    _on()
    assert "sett settlement.enabled til true" not in _flat(till("settlement", "preview")[1])
    assert "name both --from and --to" in till("send", *period[:4])[2]
    assert "Would be posted too, kept while settlements were off: 1 (Z 42)" in till("send", *period, "--dry-run")[2]
    assert _json(till)[0]["record"] is None
    code, out, err = till("send", *period)
    assert (code, out.splitlines()[0]) == (0, "1 delivered, 0 waiting, 0 need attention.")
    assert "On their way from now on, kept while settlements were off: 1 (Z 42)." in err
    assert len(simulator.vouchers()) == 1
    assert till("send", *period) == (0, "Nothing new to send.\n", "")


def test_without_a_ledger_a_period_cannot_be_posted(till: Run) -> None:
    FILE.write_text(FILE.read_text().replace(LEDGER, ""))
    day = _close(42).business_date.isoformat()

    code, _, err = till("send", "--kind", "settlement", "--from", day, "--to", day)

    assert (code, "department bar has no ledger in" in err) == (2, True)
    assert "department bar has no ledger in the settings" in _flat(till("settlement", "preview")[1])


def test_settlements_are_sent_alone_and_their_request_is_shown_first(till: Run, simulator: Simulator) -> None:
    """A dry run gives the request, and what keeps another from being sent."""
    _sell("101")
    _close(42, invoiced=[PaymentRef("till-1", "101", "1")])
    _close(43, cash={"tips": 0}, at=datetime.now(UTC) + timedelta(seconds=1))

    code, out, err = till("send", "--kind", "settlement", "--dry-run")
    assert code == 0
    request = json.loads(next(line for line in out.splitlines() if line.startswith("Z 42: "))[6:])
    assert sum(Decimal(str(line["CurrencyAmount"])) for line in request["VoucherLines"]) == 0
    assert "Z 43: tenders exceed groups, tips and rounding by 40,00" in out
    assert err == "1 would be sent, 1 would not: see above. Nothing has been.\n"
    assert (simulator.vouchers(), simulator.orders()) == ([], [])

    assert till("send", "--kind", "settlement")[0] == 3
    assert (len(simulator.vouchers()), simulator.orders()) == (1, [])
    assert (_record(till, "101")["status"], _record(till)["status"]) == ("pending", "delivered")


# -- taking one back -----------------------------------------------------------------------------------------------


def test_a_posted_settlement_is_taken_back_and_posted_anew(till: Run, simulator: Simulator) -> None:
    """Asked first; both vouchers and the opposite stand in the history, and the books hold it once."""
    _close(42)
    till("send")
    before = simulator.trial_balance()

    assert till("settlement", "reverse", "Z 42")[0] == 2
    code, _, err = till("settlement", "reverse", "Z 42", "--why", "feil konto")
    assert (code, err) == (2, "say --yes: voucher 1 of Z 42 is taken back in PowerOffice\n")
    assert till("settlement", "reverse", "Z 42", "--why", " ", "--yes")[0] == 2
    assert simulator.trial_balance() == before

    code, _, err = till("settlement", "reverse", "Z42", "--why", "feil konto", "--again", "--yes")
    assert (code, err.splitlines()) == (
        0,
        [
            "Done: voucher 1 of Z 42 is reversed in PowerOffice.",
            "Z 42 is posted anew in the next run (or now: posplugin send).",
        ],
    )
    assert set(simulator.trial_balance().values()) == {Decimal(0)}
    assert _rows(till("settlement", "preview")[1])[4] == WAITS
    assert till("send")[0] == 0
    assert simulator.trial_balance() == before

    out = till("outbox", "show", "Z 42")[1]
    assert "feil konto" in out
    assert out.count("Diff 0,00") == 2
    journals = json.loads(till("outbox", "show", "Z 42", "--json")[1])["journals"]
    assert [row["reference"][-2:] for row in journals] == ["-1", "-2"]


def test_taken_back_for_good_it_says_how_to_post_it_after_all(till: Run, simulator: Simulator) -> None:
    _close(42)
    till("send")
    _, _, err = till("settlement", "reverse", _record(till)["reference"][14:22], "--why", "prøve", "--yes")
    command = err.splitlines()[1].partition("posplugin ")[2].split()
    rows = _rows(till("settlement", "preview")[1])
    assert rows[4:6] == ["Tilbakeført, bilag 1", "prøve"]
    assert "Var ført i PowerOffice, og er tilbakeført" in rows
    assert till("settlement", "reverse", "Z 42", "--why", "igjen", "--yes")[0] == 1

    assert till(*command)[0] == 0
    assert till("send")[0] == 0

    assert len(simulator.vouchers()) == 2


def test_a_draft_is_deleted_instead(till: Run, simulator: Simulator) -> None:
    _change(posting='"draft"')
    _close(42)
    till("send")
    out = till("settlement", "preview")[1]
    assert "Levert til PowerOffice: utkast" in out
    assert "Kladd i PowerOffice, som et menneske ser over og fører" in out
    assert len(simulator.drafts()) == 1

    _, _, err = till("settlement", "reverse", "Z 42", "--why", "feil konto", "--yes")

    assert err.splitlines()[0] == "Done: the draft of Z 42 is deleted in PowerOffice."
    assert simulator.drafts() == []


def test_what_cannot_be_taken_back_or_accepted_says_why(till: Run, simulator: Simulator) -> None:
    """Each refusal is a sentence."""
    _sell("101")
    _close(42, invoiced=[PaymentRef("till-1", "101", "1")])
    why, how = ("--why", "x", "--yes"), ("--how", "x")
    for words, code, told in (
        (("reverse", "Z 42", *why), 1, "Z 42 is pending; only a posted settlement can be reversed"),
        (("reverse", "Z 43", *why), 1, "no record matches 'Z 43'; see `posplugin outbox list`"),
        (("reverse", "Z 42"), 2, "say why: --why 'the tips were on the wrong account'"),
        (("accept", "Z 42"), 2, "say why the Z is right: --how 'receipt 1042 was rung up twice'"),
        (("accept", "Z 42", *how), 1, "Z 42 is pending; only a settlement_mismatch can be accepted"),
        (("accept", "101", *how), 1, "101 is pending; only a settlement_mismatch can be accepted"),
    ):
        assert till("settlement", *words) == (code, "", f"{told}\n"), words
    till("send")
    assert till("settlement", "reverse", "101", *why)[2] == (
        "101 is delivered; only a posted settlement can be reversed\n"
    )

    simulator.stop()
    code, _, err = till("settlement", "reverse", "Z 42", *why)
    assert (code, err.startswith("PowerOffice: ")) == (1, True)
    assert _record(till)["status"] == "delivered"


# -- the queue -----------------------------------------------------------------------------------------------------


def test_the_queue_tells_settlements_as_it_tells_invoices(till: Run) -> None:
    """No customer; the voucher's number; the Z and what was posted of it; one kind can be asked for."""
    _sell("101")
    _close(42, invoiced=[PaymentRef("till-1", "101", "1")])
    assert json.loads(till("status", "--json")[1])["counts"] == {"pending": 2}
    till("send")

    row = _rows(till("outbox", "list", "--kind", "settlement")[1])[1].split()
    assert row[1:3] == ["Z", "42"]
    assert row[4:7] == ["–", "200,00", "1"]
    record = _record(till)
    assert (record["kind"], record["customer_number"], record["accounting_number"]) == ("settlement", None, 1)

    rows = _rows(till("outbox", "show", "Z 42")[1])
    assert "100 25 % 32,00 160,00" in rows
    assert "Kort 240,00" in rows
    assert "3001 31 Salg 100, 15 % 40,00" in rows
    assert "Salg på faktura: 1" in rows
    assert any(row.startswith("attach done") for row in rows)
    assert any(row.startswith("sent: {") for row in rows)
    data = json.loads(till("outbox", "show", "Z 42", "--json")[1])
    assert [line["amount_ore"] for line in data["journals"][0]["lines"]] == [24000, -4000, -16000, -4000]


def test_all_that_a_z_may_hold_is_shown(till: Run) -> None:
    """Gift cards, rounding, what was counted, and money put in and taken out."""
    told: dict[str, Any] = {"paid": {"cash": 60000}, "counted": 9500, "moved": {"bank deposit": -50000}}
    _close(42, {25: 9996}, gift_cards=50000, rounding=4, **told)

    rows = _rows(till("outbox", "show", "Z 42")[1])

    assert "Gavekort, gavekort 0 % 0,00 500,00" in rows
    assert "Øreavrunding 0,04" in rows
    assert "Kontant 600,00 95,00" in rows
    assert "bank deposit Kontant −500,00" in rows
    assert "7746 0 Kassedifferanse 5,00" in _rows(till("settlement", "preview")[1])


def test_a_person_is_asked_one_by_one_about_drafts_of_unknown_fate(till: Run) -> None:
    """`retry --all` lets the rest go on. A settlement has nothing to amend; hidden, it leaves the list."""
    _close(42)
    _close(43, cash={"tips": 0}, at=datetime.now(UTC) + timedelta(seconds=1))
    with App.open() as app:
        record = app.outbox.by_reference("Z 42")
        app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "?", reason=Reason.DRAFT_UNCERTAIN, detail="?")
    till("send")

    code, out, err = till("outbox", "retry", "--all")

    assert (code, "Z 42" in out, "whether they are to be sent (again)" in err) == (0, True, True)
    assert (_record(till)["status"], _record(till, "Z 43")["status"]) == ("needs_attention", "pending")
    assert "which has no customer; a Z never changes" in till("outbox", "amend", "Z 43", "--customer", "10003")[2]
    assert till("outbox", "hide", "Z 43")[0] == 0
    assert [row["receipt"] for row in json.loads(till("outbox", "list", "--json")[1])] == ["Z 42"]


def test_a_settlement_that_is_never_to_be_posted_is_let_go_before_it_is_tried(till: Run, simulator: Simulator) -> None:
    _close(42)

    assert till("outbox", "discard", "Z 42", "--how", "ført for hånd", "--yes")[0] == 0

    assert till("send") == (0, "Nothing new to send.\n", "")
    assert simulator.vouchers() == []


def test_everything_fits_eighty_columns(till: Run) -> None:
    """Long names, large amounts, a Z that differs; commands that people copy are left whole, on a line of their own."""
    _sell("101", 123_456_789)
    _sell("102")
    sold, long = {25: 123_456_789, 15: 4007}, "Sesongmeny med drikkepakke " * 4
    groups = tuple(replace(each, article_group=long) for each in z_of(1, sold, at=datetime.now(UTC)).cash.groups)
    _close(42, sold, invoiced=[PaymentRef("till-1", "101", "1")], cash={"groups": groups})
    for language in ("nb", "en"):
        FILE.write_text(FILE.read_text().replace('language = "nb"', f'language = "{language}"'))
        for words in (["settlement", "preview"], ["outbox", "list"], ["outbox", "show", "Z 42"]):
            lines = [line for line in till(*words)[1].splitlines() if not line.strip().startswith(("→", "sent:"))]
            assert max(map(len, lines)) <= 80, (words, max(lines, key=len))


def test_the_data_hold_what_programs_rely_on(till: Run) -> None:
    """Øre, debit positive; "0" where there is no VAT code."""
    ref = _sell("101")
    day: date = _close(42, invoiced=[ref]).business_date
    till("send")

    told = _json(till)[0]

    assert (told["z"], told["number"], told["terminal"], told["department"]) == ("Z 42", 42, "till-1", "bar")
    assert told["business_date"] == told["journal"]["posting_date"] == day.isoformat()
    assert (told["is_posted"], told["needs_a_person"], told["held_back"]) == (True, False, [])
    assert told["record"]["accounting_number"] == 1
    assert told["journal"]["difference_ore"] == 0
    assert [(x["account"], x["vat_code"], x["amount_ore"]) for x in told["journal"]["lines"]] == [
        (1580, "0", 24000),
        (2981, "0", -4000),
        (3000, "3", -16000),
        (3001, "31", -4000),
    ]
    assert told["vat"][0] == {
        "rate": 25,
        "vat_code": "3",
        "gross_ore": 16000,
        "till_ore": 3200,
        "poweroffice_ore": 3200,
        "difference_ore": 0,
    }
    assert [(x["receipt"], x["amount_ore"], x["status"]) for x in told["invoiced"]] == [("101", 30000, "delivered")]
