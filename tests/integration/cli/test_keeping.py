"""`outbox export` and `outbox purge`: the outbox over the years."""

from __future__ import annotations

import csv
import io
import json
import os
import tracemalloc
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from posplugin.app import App
from posplugin.cli.records import FIELDS, record_json
from posplugin.domain.errors import UsageError
from posplugin.domain.payment import Authorization, PaymentField, PaymentRef, PaymentRequest, Refusal
from posplugin.domain.sale import OriginalSale, Sale, SaleLine, Tender
from posplugin.outbox import keeping
from posplugin.simulator import Simulator
from tests.fixtures import old
from tests.integration.cli.conftest import Run
from tests.integration.cli.settling_till import close_day, record_of

LAWFUL = date(datetime.now(UTC).year - 5, 1, 1)
SECRETS = {
    PaymentField.NOTE: "Bord 7 for Ola Hemmelig",
    PaymentField.YOUR_REFERENCE: "Kari Hemmelig",
    PaymentField.ORDER_NUMBER: "PO-HEMMELIG",
    PaymentField.PURPOSE: "Middag med Hemmelig",
    PaymentField.PARTICIPANTS: "Per Hemmelig",
}


def _request(receipt: str, amount: int = 12500, original: str | None = None) -> PaymentRequest:
    sale = Sale(
        sale_id=receipt,
        terminal_id="till-1",
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=amount, vat_rate=25),),
        tenders=(Tender(tender_id="1", channel="invoice", amount=amount),),
        original=OriginalSale(terminal_id="till-1", sale_id=original) if original else None,
    )
    ref = PaymentRef("till-1", receipt, "1")
    return PaymentRequest(ref=ref, sale=sale, customer_number=10002, fields={} if original else SECRETS)


def sell(receipt: str, amount: int = 12500, *, capture: bool = True) -> None:
    with App.open() as app:
        assert isinstance(app.till().authorize(_request(receipt, amount)), Authorization)
        if capture:
            app.till().capture(_request(receipt, amount))


def grow_old() -> None:
    with App.open() as app:
        old.grow_old(app.outbox)


@pytest.fixture
def paid(shop: Run, simulator: Simulator) -> Run:
    """A till with an invoice that was amended, tried twice, sent and paid, sold in 2019."""
    sell("1001")
    shop("outbox", "amend", "1001", "--your-reference", "Lise Hemmelig")
    assert shop("send")[0] == 0
    simulator.send_order(str(simulator.orders()[0]["Id"]))
    simulator.advance(120)
    shop("outbox", "sync")
    number = record_of(shop, "1001")["invoice_number"]
    simulator.pay(number)
    simulator.advance(120)
    shop("outbox", "sync")
    assert record_of(shop, "1001")["accounting_state"] == "paid"
    grow_old()
    return shop


def _story(run: Run, receipt: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("outbox", "show", receipt, "--json")[1])
    return told


def _on_disk() -> bytes:
    return b"".join(path.read_bytes() for path in Path().glob("outbox.sqlite3*"))


# -- export --------------------------------------------------------------------------------------------------------


def test_every_record_is_a_line_with_the_lists_fields(shop: Run) -> None:
    """Hidden ones too, oldest first; amounts in øre, days and times as text."""
    for receipt in ("1001", "1002", "1003"):
        sell(receipt)
    shop("outbox", "hide", "1002")

    code, out, err = shop("outbox", "export")

    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "3 records.\n")
    assert [line["receipt"] for line in lines] == ["1001", "1002", "1003"]
    listed = {row["receipt"]: row for row in json.loads(shop("outbox", "list", "--hidden", "--json")[1])}
    assert [listed[line["receipt"]] for line in lines] == lines
    assert {tuple(line) for line in lines} == {FIELDS}


def test_csv_is_as_rfc_4180_has_it(shop: Run) -> None:
    """A head, commas, quotes where they are needed, CRLF; nothing is an empty cell."""
    sell("1001")
    with App.open() as app:
        app.database.execute("UPDATE records SET customer_name = 'Åse, \"Import\" AS'")

    assert shop("outbox", "export", "--format", "csv", "--output", "all.csv")[0] == 0

    raw = Path("all.csv").read_bytes().decode()
    assert raw.endswith("\r\n")
    assert '"Åse, ""Import"" AS"' in raw
    (row,) = csv.DictReader(io.StringIO(raw, newline=""))
    assert tuple(row) == FIELDS
    assert (row["customer_name"], row["amount_ore"], row["hidden"], row["reason"]) == (
        'Åse, "Import" AS',
        "12500",
        "false",
        "",
    )
    assert datetime.fromisoformat(row["created_at"]).utcoffset() is not None
    assert shop("outbox", "export", "--format", "csv")[1].splitlines() == raw.splitlines()


def test_a_text_that_a_spreadsheet_would_run_is_not_one(shop: Run) -> None:
    """JSON has it as it is."""
    sell("1001")
    with App.open() as app:
        app.database.execute("UPDATE records SET customer_name = '=cmd|calc', receipt = '-1', amount = -5")

    shop("outbox", "export", "--format", "csv", "--output", "all.csv")

    (row,) = csv.DictReader(io.StringIO(Path("all.csv").read_text(), newline=""))
    assert (row["customer_name"], row["receipt"], row["amount_ore"]) == ("'=cmd|calc", "'-1", "-5")
    assert json.loads(shop("outbox", "export")[1])["customer_name"] == "=cmd|calc"


def test_an_empty_outbox_gives_a_head_or_nothing(shop: Run) -> None:
    assert shop("outbox", "export") == (0, "", "0 records.\n")
    assert shop("outbox", "export", "--format", "csv")[1].splitlines() == [",".join(FIELDS)]


def test_only_the_days_asked_for_are_exported(shop: Run) -> None:
    for receipt, day in (("1001", "2019-05-01"), ("1002", "2020-01-01"), ("1003", "2020-01-02")):
        sell(receipt)
        with App.open() as app:
            app.database.execute("UPDATE records SET business_date = ? WHERE receipt = ?", (day, receipt))

    out = shop("outbox", "export", "--from", "2019-06-01", "--to", "2020-01-01")[1]

    assert [json.loads(line)["receipt"] for line in out.splitlines()] == ["1002"]
    assert shop("outbox", "export", "--from", "2020-01-02", "--to", "2020-01-01")[0] == 2
    assert shop("outbox", "export", "--to", "nyttår")[0] == 2


def test_a_file_is_for_its_owner_alone_and_never_over_another(shop: Run, tmp_path: Path) -> None:
    sell("1001")
    assert shop("outbox", "export", "--output", "all.jsonl")[0] == 0
    before = (tmp_path / "all.jsonl").read_bytes()

    code, _, err = shop("outbox", "export", "--output", "all.jsonl")

    assert (code, "is there already" in err) == (2, True)
    assert (tmp_path / "all.jsonl").read_bytes() == before
    assert (tmp_path / "all.jsonl").stat().st_mode & 0o777 == 0o600


def test_nothing_that_lies_beside_the_export_is_written_to(shop: Run, tmp_path: Path) -> None:
    sell("1001")
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    (tmp_path / "out.jsonl.part").symlink_to(victim)

    assert shop("outbox", "export", "--output", str(tmp_path / "out.jsonl"))[0] == 0

    assert victim.read_text() == "precious"
    assert not (tmp_path / "out.jsonl").is_symlink()


def test_a_file_that_cannot_be_written_is_told_and_none_is_left(
    shop: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half file carries the name that was asked for."""
    sell("1001")
    assert shop("outbox", "export", "--output", "nowhere/all.jsonl")[0] == 1

    def full(*_: object) -> list[object]:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(keeping, "every", full)
    code, _, err = shop("outbox", "export", "--output", "all.jsonl")

    assert (code, "all.jsonl cannot be written: No space left on device" in err) == (1, True)
    assert not [*tmp_path.glob("all.jsonl*")]


def test_two_thousand_records_are_never_held_at_once(shop: Run) -> None:
    """Page by page: twice as many take no more memory."""
    sell("1001")
    with App.open() as app:
        columns = [row[1] for row in app.database.rows("PRAGMA table_info(records)") if row[1] != "id"]
        copied = {"reference": "'pp-' || n", "tender_id": "'t' || n", "document": "document || hex(zeroblob(2000))"}
        chosen = ", ".join(copied.get(column, column) for column in columns)
        numbers = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 4000)"
        app.database.execute(
            f"INSERT INTO records ({', '.join(columns)}) {numbers} SELECT {chosen} FROM c, records WHERE records.id = 1"
        )

        def peak(most: int) -> int:
            tracemalloc.start()
            seen = sum(1 for _ in islice(keeping.every(app.outbox), most))
            at_most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert seen == most
            return at_most

        peak(10)
        assert peak(4000) < 1.5 * peak(2000)
        assert keeping.count(app.outbox) == 4001


def test_the_fields_are_those_of_a_record(shop: Run) -> None:
    sell("1001")
    with App.open() as app:
        (record,) = keeping.every(app.outbox)
        assert tuple(record_json(record)) == FIELDS


# -- purge ---------------------------------------------------------------------------------------------------------


def test_what_is_paid_and_old_loses_its_people_and_keeps_its_books(paid: Run) -> None:
    """Reference, amounts, lines and history stay; the names are gone from the file, not only from its tables."""
    before = _story(paid, "1001")
    assert b"Hemmelig" in _on_disk()

    code, _, err = paid("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")

    after = _story(paid, "1001")
    assert (code, "1 records purged." in err) == (0, True)
    changed = {name for name in FIELDS if before[name] != after[name]}
    assert changed == {"customer_number", "customer_name", "updated_at"}
    assert (after["customer_number"], after["customer_name"]) == (None, None)
    assert [event["now"] for event in after["events"]] == [*(event["now"] for event in before["events"]), "delivered"]
    assert [event["why"] for event in after["events"] if "amended" in str(event["why"])] == ["amended"]
    assert {(a["request"], a["answer"]) for a in after["attempts"]} == {(None, None)}
    assert [a["at"] for a in after["attempts"]] == [a["at"] for a in before["attempts"]]
    with App.open() as app:
        invoice = app.outbox.by_reference("1001").invoice()
        assert (invoice.total, invoice.customer_number, invoice.note, invoice.participants) == (12500, 0, None, None)
        assert app.database.integrity() == "ok"
    disk = _on_disk()
    assert b"Hemmelig" not in disk
    assert b"HEMMELIG" not in disk


def test_purged_twice_is_purged_once(paid: Run) -> None:
    words = ("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")
    paid(*words)
    before = _story(paid, "1001")

    code, _, err = paid(*words)

    assert (code, "Nothing before" in err) == (0, True)
    assert _story(paid, "1001") == before


def test_what_the_law_wants_documented_is_never_purged(paid: Run) -> None:
    """Five years after the end of the year; why is said, and there is no way around it."""
    day_after = LAWFUL.replace(day=2).isoformat()

    code, _, err = paid("outbox", "purge", "--before", day_after, "--yes")
    assert (code, "bokføringsloven § 13" in err) == (2, True)
    with App.open() as app, pytest.raises(UsageError, match="§ 13"):
        app.office().purge(LAWFUL.replace(day=2))
    assert _story(paid, "1001")["customer_name"] is not None


def test_nobody_to_ask_means_no(paid: Run) -> None:
    code, _, err = paid("outbox", "purge", "--before", LAWFUL.isoformat())
    assert (code, "say --yes" in err) == (2, True)
    assert "1 records before" in paid("outbox", "purge", "--before", LAWFUL.isoformat(), "--dry-run")[2]
    assert paid("outbox", "purge", "--before", "", "--yes")[0] == 2
    assert _story(paid, "1001")["customer_name"] is not None


def test_what_may_still_come_to_something_is_left(shop: Run, simulator: Simulator) -> None:
    """Waiting, in need of a person, delivered and not paid; cancelled and discarded ones go."""
    for receipt in ("waits", "attention", "unpaid", "discarded"):
        sell(receipt)
    sell("cancelled", capture=False)
    with App.open() as app:
        app.outbox.void(PaymentRef("till-1", "cancelled", "1"), "the guest paid by card")
    simulator.archive_customer(10002)
    shop("send")
    shop("outbox", "discard", "discarded", "--how", "for hånd", "--yes")
    simulator.change("customer", "Number", 10002, IsArchived=False, IsActive=True)
    shop("outbox", "retry", "unpaid")
    shop("send")
    shop("outbox", "retry", "waits")
    grow_old()

    _, _, err = shop("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")

    assert "Left as they are: 3" in err
    left = {row["receipt"] for row in json.loads(shop("outbox", "list", "--json")[1]) if row["customer_name"]}
    assert left == {"waits", "attention", "unpaid"}


def test_a_settlement_keeps_its_z_and_its_journal(till: Run) -> None:
    """Only what was said with PowerOffice goes."""
    close_day(42)
    till("send")
    grow_old()
    before = _story(till, "Z 42")

    assert till("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")[0] == 0

    after = _story(till, "Z 42")
    assert after["journals"] == before["journals"]
    assert [a["request"] for a in before["attempts"]] != [a["request"] for a in after["attempts"]] == [None]
    assert till("outbox", "show", "Z 42")[0] == 0
    assert till("settlement", "preview", "--from", "2000-01-01")[0] == 0


def test_a_damaged_document_is_left_as_it_is(paid: Run) -> None:
    with App.open() as app:
        app.database.execute("UPDATE records SET document = document || ' '")

    _, _, err = paid("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")

    assert "0 records purged." in err
    assert "1 could not be purged" in err
    assert record_of(paid, "1001")["customer_name"] is not None


def test_a_purged_payment_that_comes_again_is_still_known(paid: Run, simulator: Simulator) -> None:
    """Captured once more nothing is made or sent; a return of it is refused, since nobody knows whose it was."""
    paid("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")

    with App.open() as app:
        app.till().capture(_request("1001"))
        assert isinstance(app.till().authorize(_request("1002", -100, original="1001")), Refusal)
    assert paid("send")[0] == 0
    assert paid("outbox", "sync")[0] == 0

    assert (len(simulator.invoices()), simulator.orders()) == (1, [])
    assert paid("status")[0] == 0


def test_a_purged_credit_note_still_counts_against_its_invoice(shop: Run, simulator: Simulator) -> None:
    """Its invoice is not paid and stays: no more of it is returned than was sold."""
    sell("1001", 10000)
    _have_sent(shop, simulator)
    with App.open() as app:
        app.till().authorize(_request("1002", -6000, original="1001"))
        app.till().capture(_request("1002", -6000, original="1001"))
    _have_sent(shop, simulator)
    simulator.pay(record_of(shop, "1002")["invoice_number"])
    _look_again(shop, simulator)
    grow_old()

    assert "1 records purged." in shop("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")[2]

    with App.open() as app:
        assert isinstance(app.till().authorize(_request("1003", -10000, original="1001")), Refusal)
        assert isinstance(app.till().authorize(_request("1004", -4000, original="1001")), Authorization)


def test_a_return_that_was_promised_before_its_invoice_was_purged_is_credited(paid: Run, simulator: Simulator) -> None:
    with App.open() as app:
        app.till().authorize(_request("1002", -12500, original="1001"))
        app.till().capture(_request("1002", -12500, original="1001"))
    paid("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")

    assert paid("send")[0] == 0

    assert record_of(paid, "1002")["status"] == "delivered"
    assert [order["TotalAmount"] for order in simulator.orders()] == [-125]


def test_what_poweroffice_said_of_customers_goes_with_them(shop: Run, simulator: Simulator) -> None:
    sell("1001")
    simulator.archive_customer(10002)
    shop("send")
    shop("outbox", "discard", "1001", "--how", "invoiced by hand", "--yes")
    grow_old()

    shop("outbox", "purge", "--before", LAWFUL.isoformat(), "--yes")

    told = shop("outbox", "show", "1001", "--json")[1]
    assert "10002" not in told
    assert "invoiced by hand" in told
    assert "customer_archived" in told


def _have_sent(run: Run, simulator: Simulator) -> None:
    """Deliver what waits, and have it sent by a person."""
    assert run("send")[0] == 0
    (order,) = simulator.orders()
    simulator.send_order(str(order["Id"]))
    _look_again(run, simulator)


def _look_again(run: Run, simulator: Simulator) -> None:
    simulator.advance(120)
    run("outbox", "sync")


def test_killed_midway_it_goes_on_where_it_was(shop: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is whole, or not there."""
    for number in range(5):
        sell(f"100{number}", capture=False)
        with App.open() as app:
            app.outbox.void(PaymentRef("till-1", f"100{number}", "1"), "angret")
    grow_old()
    monkeypatch.setattr(keeping, "_BATCH", 2)

    class Killed(BaseException):
        pass

    def kill(done: int, _: int) -> None:
        if done == 4:
            raise Killed

    with App.open() as app, pytest.raises(Killed):
        app.office().purge(LAWFUL, progress=kill)
    with App.open() as app:
        assert app.office().to_purge(LAWFUL).purged == 1
        assert app.office().purge(LAWFUL).purged == 1
        assert all(record.customer_name is None for record in keeping.every(app.outbox))
