"""Which record a command is about, where a receipt has several."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from posplugin.app import App
from posplugin.cli.records import code_of
from posplugin.domain.payment import PaymentRef, PaymentRequest
from posplugin.domain.sale import Sale, SaleLine, Tender
from tests.integration.cli.conftest import Run


@pytest.fixture
def codes(shop: Run) -> list[str]:
    """Receipt 1042, split on two customers; give the code of each."""
    sale = Sale(
        sale_id="1042",
        terminal_id="till-1",
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=300_00, vat_rate=25),),
        tenders=(
            Tender(tender_id="1", channel="invoice", amount=100_00),
            Tender(tender_id="2", channel="invoice", amount=200_00),
        ),
    )
    with App.open() as app:
        for tender, customer in (("1", 10002), ("2", 10003)):
            asked = PaymentRequest(ref=PaymentRef("till-1", "1042", tender), sale=sale, customer_number=customer)
            app.till().authorize(asked)
            app.till().capture(asked)
        return [code_of(record) for record in app.outbox.of_sale("till-1", "1042")]


def test_a_receipt_with_several_records_is_answered_with_their_codes(shop: Run, codes: list[str]) -> None:
    code, out, err = shop("outbox", "show", "1042")
    assert (code, out) == (1, "")
    assert "several records match '1042'; give the code of one" in err
    rows = [re.split(r" {2,}", line.strip()) for line in err.splitlines()[1:]]
    assert rows[0] == ["code", "what", "cust.", "amount", "status"]
    assert [(row[0], row[1], row[2][:5], row[3], row[4]) for row in rows[1:]] == [
        (codes[0], "Invoice", "10002", "100,00", "waiting"),
        (codes[1], "Invoice", "10003", "200,00", "waiting"),
    ]
    assert "10003" in shop("outbox", "show", codes[1])[1]


def test_the_lists_tell_codes_that_differ(shop: Run, codes: list[str]) -> None:
    listed = shop("outbox", "list")[1]
    assert len(set(codes)) == 2
    assert all(listed.count(code) == 1 for code in codes)
    assert shop("outbox", "list", "--search", codes[0])[1].count("1042") == 1


def test_days_and_amounts_are_taken_as_they_are_shown(shop: Run, codes: list[str]) -> None:
    assert codes[0] in shop("outbox", "list", "--from", "01.01.2020", "--to", "31.12.2098")[1]
    assert "1 234,50" in shop("customers", "set", "10002", "--credit-limit", "1 234,50")[2].replace("\u00a0", " ")
    assert shop("customers", "set", "10002", "--credit-limit", "many")[0] == 2


def test_a_z_that_is_not_known_points_at_the_preview(shop: Run) -> None:
    code, _, err = shop("settlement", "reverse", "Z42", "--why", "wrong", "--yes")
    assert (code, "`posplugin settlement preview`" in err) == (1, True)
