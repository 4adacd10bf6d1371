"""Settlements in a technician's hands: a period, one taken back, the queue."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from posplugin.app import App
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
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
    switch_off,
    switch_on,
)
from tests.integration.sender.settled import z_of
from tests.integration.sender.shop import LEDGER

# -- days ----------------------------------------------------------------------------------------------------------


def test_days_are_chosen_and_wrong_ones_are_refused(till: Run) -> None:
    """Without days: what is open; a single date or a period, never both, never backwards."""
    assert till("settlement", "preview") == (0, "", "Ingen Z-rapport er tatt vare på ennå.\n")
    now = datetime.now(UTC)
    days = [close_day(number, at=now - timedelta(days=3 - number)).business_date.isoformat() for number in (1, 2, 3)]

    assert [z["z"] for z in previewed(till)] == ["Z 1", "Z 2", "Z 3"]
    assert [z["z"] for z in previewed(till, "--date", days[1])] == ["Z 2"]
    assert [z["z"] for z in previewed(till, "--from", days[1])] == ["Z 2", "Z 3"]
    assert [z["z"] for z in previewed(till, "--from", days[0], "--to", days[1])] == ["Z 1", "Z 2"]
    till("send")
    assert [z["z"] for z in previewed(till)] == ["Z 3"]

    for words, told in (
        (["--date", days[0], "--to", days[1]], "oppgi enten --date, eller --from og --to"),
        (["--from", days[1], "--to", days[0]], f"--from {days[1]} er etter --to {days[0]}"),
        (["--date", "21.13.2026"], "'21.13.2026' er ingen dato; skriv"),
        (["--from", "0026-11-20"], "'0026-11-20' er ingen dato; skriv 2026-11-20"),
    ):
        code, out, err = till("settlement", "preview", *words)
        assert (code, out, told in flat(err)) == (2, "", True), words
    assert till("send", "--from", days[1], "--to", days[0])[0] == 2
    assert till("settlement", "preview", "--to", "2020-01-01") == (
        0,
        "",
        "Ingen Z-rapport fra disse dagene er tatt vare på.\n",
    )
    assert previewed(till, "--to", "2020-01-01") == []


def test_what_was_kept_while_settlements_were_off_is_posted_when_a_period_is_named(
    till: Run, simulator: Simulator
) -> None:
    """The preview says that it is not on its way, and how to send it; a dry run takes nothing in."""
    switch_off()
    day = close_day(42).business_date.isoformat()
    period = ("--kind", "settlement", "--from", day, "--to", day)

    code, out, _ = till("settlement", "preview")
    assert (code, "Tatt vare på mens dagsoppgjør var slått av" in out) == (0, True)
    assert f"   posplugin send --kind settlement --from {day} --to {day}" in out.splitlines()
    assert "sett settlement.enabled til true" in flat(out)
    code, _, err = till("send", *period)
    assert (code, "settlement.enabled er false i" in err) == (2, True)

    switch_on()
    assert "sett settlement.enabled til true" not in flat(till("settlement", "preview")[1])
    assert "oppgi både --from og --to" in till("send", *period[:4])[2]
    assert (
        "Ville også blitt ført, tatt vare på mens dagsoppgjør var slått av: 1 (Z 42)"
        in till("send", *period, "--dry-run")[2]
    )
    assert previewed(till)[0]["record"] is None
    code, out, err = till("send", *period)
    assert (code, out.splitlines()[0]) == (0, "1 levert, 0 venter, 0 trenger et menneske.")
    assert "På vei fra nå av, tatt vare på mens dagsoppgjør var slått av: 1 (Z 42)." in err
    assert len(simulator.vouchers()) == 1
    assert till("send", *period) == (0, "Ikke noe nytt å sende.\n", "")


def test_without_a_ledger_a_period_cannot_be_posted(till: Run) -> None:
    FILE.write_text(FILE.read_text().replace(LEDGER, ""))
    day = close_day(42).business_date.isoformat()

    code, _, err = till("send", "--kind", "settlement", "--from", day, "--to", day)

    assert (code, "avdelingen bar har ingen ledger i" in err) == (2, True)
    assert "avdelingen bar har ingen kontoplan (ledger)" in flat(till("settlement", "preview")[1])


def test_settlements_are_sent_alone_and_their_request_is_shown_first(till: Run, simulator: Simulator) -> None:
    """A dry run gives the request, and what keeps another from being sent."""
    sell("101")
    close_day(42, invoiced=[PaymentRef("till-1", "101", "1")])
    close_day(43, cash={"tips": 0}, at=datetime.now(UTC) + timedelta(seconds=1))

    code, out, err = till("send", "--kind", "settlement", "--dry-run")
    assert code == 3
    request, _ = json.JSONDecoder().raw_decode(out.partition("\nZ 42:\n")[2].strip())
    assert sum(Decimal(str(line["CurrencyAmount"])) for line in request["VoucherLines"]) == 0
    assert "Z 43: ville blitt holdt tilbake (unbalanced): Dagsoppgjøret går ikke i null." in out
    assert "   betalingene avviker med 40,00 fra varegrupper, tips og avrunding" in out
    assert err == "1 ville blitt sendt, 1 ville blitt holdt tilbake. Ingenting er sendt.\n"
    data = json.loads(till("send", "--kind", "settlement", "--dry-run", "--json")[1])
    assert [each["held_back"] for each in data] == [None, "unbalanced"]
    assert (simulator.vouchers(), simulator.orders()) == ([], [])

    assert till("send", "--kind", "settlement")[0] == 3
    assert (len(simulator.vouchers()), simulator.orders()) == (1, [])
    assert (record_of(till, "101")["status"], record_of(till)["status"]) == ("pending", "delivered")


# -- taking one back -----------------------------------------------------------------------------------------------


def test_a_posted_settlement_is_taken_back_and_posted_anew(till: Run, simulator: Simulator) -> None:
    """Asked first; both vouchers and the opposite stand in the history, and the books hold it once."""
    close_day(42)
    till("send")
    before = simulator.trial_balance()

    assert till("settlement", "reverse", "Z 42")[0] == 2
    code, _, err = till("settlement", "reverse", "Z 42", "--why", "feil konto")
    assert (code, err) == (2, "skriv --yes: bilag 1, Z 42, tilbakeføres i PowerOffice\n")
    assert till("settlement", "reverse", "Z 42", "--why", " ", "--yes")[0] == 2
    assert simulator.trial_balance() == before

    code, _, err = till("settlement", "reverse", "Z42", "--why", "feil konto", "--again", "--yes")
    assert (code, err.splitlines()) == (
        0,
        [
            "Gjort: bilag 1, Z 42, er tilbakeført i PowerOffice.",
            "Z 42 føres på nytt ved neste kjøring (eller nå: posplugin send).",
        ],
    )
    assert set(simulator.trial_balance().values()) == {Decimal(0)}
    assert rows_of(till("settlement", "preview")[1])[4] == WAITS
    assert till("send")[0] == 0
    assert simulator.trial_balance() == before

    out = till("outbox", "show", "Z 42")[1]
    assert "feil konto" in out
    assert out.count("Diff 0,00") == 2
    journals = json.loads(till("outbox", "show", "Z 42", "--json")[1])["journals"]
    assert [row["reference"][-2:] for row in journals] == ["-1", "-2"]


def test_taken_back_for_good_it_says_how_to_post_it_after_all(till: Run, simulator: Simulator) -> None:
    close_day(42)
    till("send")
    _, _, err = till("settlement", "reverse", record_of(till)["reference"][14:22], "--why", "prøve", "--yes")
    command = err.splitlines()[1].partition("posplugin ")[2].split()
    rows = rows_of(till("settlement", "preview")[1])
    assert rows[4:6] == ["Tilbakeført, bilag 1", "prøve"]
    assert rows[6] == f"Skal Z 42 føres på nytt likevel: posplugin {' '.join(command)}"
    assert rows[8].startswith("Var ført i PowerOffice, og ble tilbakeført ")
    assert till("settlement", "reverse", "Z 42", "--why", "igjen", "--yes")[0] == 1

    assert till(*command)[0] == 0
    assert till("send")[0] == 0

    assert len(simulator.vouchers()) == 2


def test_a_draft_is_deleted_instead(till: Run, simulator: Simulator) -> None:
    change(posting='"draft"')
    close_day(42)
    till("send")
    out = till("settlement", "preview")[1]
    assert "Levert til PowerOffice: utkast" in out
    assert "Kladd i PowerOffice, som et menneske ser over og fører" in out
    assert len(simulator.drafts()) == 1

    _, _, err = till("settlement", "reverse", "Z 42", "--why", "feil konto", "--yes")

    assert err.splitlines()[0] == "Gjort: kladden av Z 42 er slettet i PowerOffice."
    assert simulator.drafts() == []


def test_what_cannot_be_taken_back_or_accepted_says_why(till: Run, simulator: Simulator) -> None:
    """Each refusal is a sentence."""
    sell("101")
    close_day(42, invoiced=[PaymentRef("till-1", "101", "1")])
    why, how = ("--why", "x", "--yes"), ("--how", "x")
    for words, code, told in (
        (("reverse", "Z 42", *why), 1, f"Z 42 står som «{WAITS}»; bare et dagsoppgjør som er ført, kan tilbakeføres"),
        (("reverse", "Z 43", *why), 1, "ingen dagsoppgjør svarer til 'Z 43'; se `posplugin settlement preview`"),
        (("reverse", "Z 42"), 2, "si hvorfor: --why 'tipset sto på feil konto'"),
        (("accept", "Z 42"), 2, "si hvorfor Z-en er riktig: --how 'nota 1042 ble slått inn to ganger'"),
        (("accept", "Z 42", *how), 1, f"Z 42 står som «{WAITS}»; bare en settlement_mismatch kan godtas"),
        (("accept", "101", *how), 1, f"101 står som «{WAITS}»; bare en settlement_mismatch kan godtas"),
    ):
        assert till("settlement", *words) == (code, "", f"{told}\n"), words
    till("send")
    assert till("settlement", "reverse", "101", *why)[2] == (
        "101 står som «Levert til PowerOffice»; bare et dagsoppgjør som er ført, kan tilbakeføres\n"
    )

    simulator.stop()
    code, _, err = till("settlement", "reverse", "Z 42", *why)
    assert (code, err.startswith("PowerOffice: ")) == (1, True)
    assert record_of(till)["status"] == "delivered"


# -- the queue -----------------------------------------------------------------------------------------------------


def test_the_queue_tells_settlements_as_it_tells_invoices(till: Run) -> None:
    """No customer; the voucher's number; the Z and what was posted of it; one kind can be asked for."""
    sell("101")
    close_day(42, invoiced=[PaymentRef("till-1", "101", "1")])
    assert json.loads(till("status", "--json")[1])["counts"] == {"pending": 2}
    till("send")

    row = rows_of(till("outbox", "list", "--kind", "settlement")[1])[1].split()
    assert row[1:3] == ["Z", "42"]
    assert row[4:7] == ["–", "200,00", "1"]
    record = record_of(till)
    assert (record["kind"], record["customer_number"], record["accounting_number"]) == ("settlement", None, 1)

    rows = rows_of(till("outbox", "show", "Z 42")[1])
    assert "100 25 % 32,00 160,00" in rows
    assert "Kort 240,00" in rows
    assert "3001 31 Salg 100, 15 % 40,00" in rows
    assert "Salg på faktura: 1" in rows
    assert any(row.startswith("legge ved PDF gjort") for row in rows)
    assert rows[rows.index("sendt:") + 1] == "{"
    data = json.loads(till("outbox", "show", "Z 42", "--json")[1])
    assert [line["amount_ore"] for line in data["journals"][0]["lines"]] == [24000, -4000, -16000, -4000]


def test_all_that_a_z_may_hold_is_shown(till: Run) -> None:
    """Gift cards, rounding, what was counted, and money put in and taken out."""
    told: dict[str, Any] = {"paid": {"cash": 60000}, "counted": 9500, "moved": {"bank deposit": -50000}}
    close_day(42, {25: 9996}, gift_cards=50000, rounding=4, **told)

    rows = rows_of(till("outbox", "show", "Z 42")[1])

    assert "Gavekort, gavekort 0 % 0,00 500,00" in rows
    assert "Øreavrunding 0,04" in rows
    assert "Kontant 600,00 95,00" in rows
    assert "bank deposit Kontant −500,00" in rows
    assert "7746 0 Kassedifferanse 5,00" in rows_of(till("settlement", "preview")[1])


def test_a_person_is_asked_one_by_one_about_drafts_of_unknown_fate(till: Run) -> None:
    """`retry --all` lets the rest go on. A settlement has nothing to amend; hidden, it leaves the list."""
    close_day(42)
    close_day(43, cash={"tips": 0}, at=datetime.now(UTC) + timedelta(seconds=1))
    with App.open() as app:
        record = app.outbox.by_reference("Z 42")
        app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "?", reason=Reason.DRAFT_UNCERTAIN, detail="?")
    till("send")

    code, out, err = till("outbox", "retry", "--all")

    assert (code, "Z 42" in out, "om de skal sendes (på nytt)" in err) == (0, True, True)
    assert (record_of(till)["status"], record_of(till, "Z 43")["status"]) == ("needs_attention", "pending")
    assert "som ikke har noen kunde; en Z endres aldri" in till("outbox", "amend", "Z 43", "--customer", "10003")[2]
    assert till("outbox", "hide", "Z 43")[0] == 0
    assert [row["receipt"] for row in json.loads(till("outbox", "list", "--json")[1])] == ["Z 42"]


def test_a_settlement_that_is_never_to_be_posted_is_let_go_before_it_is_tried(till: Run, simulator: Simulator) -> None:
    close_day(42)

    assert till("outbox", "discard", "Z 42", "--how", "ført for hånd", "--yes")[0] == 0

    assert till("send") == (0, "Ikke noe nytt å sende.\n", "")
    assert simulator.vouchers() == []


def test_everything_fits_eighty_columns(till: Run) -> None:
    """Long names, large amounts, a Z that differs; commands that people copy are left whole, on a line of their own."""
    sell("101", 123_456_789)
    sell("102")
    sold, long = {25: 123_456_789, 15: 4007}, "Sesongmeny med drikkepakke " * 4
    groups = tuple(replace(each, article_group=long) for each in z_of(1, sold, at=datetime.now(UTC)).cash.groups)
    close_day(42, sold, invoiced=[PaymentRef("till-1", "101", "1")], cash={"groups": groups})
    for language in ("nb", "en"):
        FILE.write_text(FILE.read_text().replace('language = "nb"', f'language = "{language}"'))
        for words in (["settlement", "preview"], ["outbox", "list"], ["outbox", "show", "Z 42"]):
            lines = [line for line in till(*words)[1].splitlines() if not line.strip().startswith(("→", "sent:"))]
            assert max(map(len, lines)) <= 80, (words, max(lines, key=len))


def test_the_data_hold_what_programs_rely_on(till: Run) -> None:
    """Øre, debit positive; "0" where there is no VAT code."""
    ref = sell("101")
    day: date = close_day(42, invoiced=[ref]).business_date
    till("send")

    told = previewed(till)[0]

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
