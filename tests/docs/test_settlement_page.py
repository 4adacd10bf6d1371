"""docs/settlement.md has the vouchers as they are posted, and every reason in the words that people meet."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from posplugin.bookkeeping.ledger import PAYMENT_CODES
from posplugin.bookkeeping.reconciliation import Reconciliation
from posplugin.bookkeeping.settlement import journal_lines
from posplugin.cli.main import app
from posplugin.domain.documents import Invoice, InvoiceItem, InvoiceLine, VatReportedBy
from posplugin.domain.money import kroner_text, vat_in
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import LineKind
from posplugin.domain.zreport import CashSales, GroupTotal, TenderTotal, ZReport
from posplugin.settings.ledger import Ledger
from posplugin.texts import texts
from tests.fixtures.settings import LEDGER

PAGE = (Path(__file__).parents[2] / "docs" / "settlement.md").read_text()
DAY, AT, REF = date(2026, 11, 20), datetime(2026, 11, 20, 22, tzinfo=UTC), PaymentRef("bar-1", "1042", "1")


def _invoice(reported_by: VatReportedBy) -> Invoice:
    shares = {25: 240_00, 15: 60_00}
    return Invoice(
        ref=REF,
        department="bar",
        business_date=DAY,
        delivered_at=AT,
        receipt="1042",
        customer_number=10001,
        customer_name="Fjellheim",
        vat_reported_by=reported_by,
        lines=tuple(
            InvoiceLine(kind=LineKind.GOODS, vat_rate=rate, amount=amount, vat=vat_in(amount, rate))
            for rate, amount in shares.items()
        ),
        items=tuple(
            InvoiceItem(
                description="mat",
                quantity=Decimal(1),
                kind=LineKind.GOODS,
                vat_rate=rate,
                amount=amount * 500 // 300,
                invoiced=amount,
            )
            for rate, amount in shares.items()
        ),
    )


def _z() -> ZReport:
    groups = tuple(
        GroupTotal(article_group=None, kind=LineKind.GOODS, vat_rate=rate, amount=amount, vat=vat_in(amount, rate))
        for rate, amount in {25: 160_00, 15: 40_00}.items()
    )
    cash = CashSales(groups=groups, tenders=(TenderTotal(channel="card", expected=240_00),), tips=40_00)
    return ZReport(terminal_id="bar-1", number=42, business_date=DAY, closed_at=AT, cash=cash, invoiced=(REF,))


@pytest.mark.parametrize("mode", VatReportedBy)
def test_the_vouchers_of_the_example_are_those_that_are_posted(mode: VatReportedBy) -> None:
    part = PAGE.split(f'### `vat_reported_by = "{mode}"`')[1].split("\n##")[0]
    shown = re.findall(r"^\| (\d{4}) \| (\d+) \| ([^|]+) \| ([\d.]*) ?\| ([\d.]*) ?\|$", part, re.M)
    lines = journal_lines(_z(), Reconciliation(invoices=(_invoice(mode),)), Ledger.model_validate(LEDGER)).lines
    words = texts("en").settlement

    assert [(account, code, name, debit, credit) for account, code, name, debit, credit in shown] == [
        (
            str(line.account),
            line.vat_code or "0",
            ", ".join(line.names),
            kroner_text(line.amount).replace(",", ".") if line.amount > 0 else "",
            kroner_text(-line.amount).replace(",", ".") if line.amount < 0 else "",
        )
        for line in words.worded(lines)
    ]


def test_each_reason_is_told_as_people_meet_it() -> None:
    told = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", PAGE.split("## What holds a settlement back")[1], re.M)
    said = texts("en").reason

    assert told == [(name, said[Reason(name)].sentence, said[Reason(name)].remedy) for name, _, _ in told]
    assert {"unbalanced", "settlement_mismatch", "account_missing", "period_locked", "draft_uncertain"} <= {
        name for name, _, _ in told
    }


def test_the_well_known_names_of_payments_are_there() -> None:
    sentence = " ".join(PAGE.split("## The ledger")[1].split("\n## ")[0].split())
    for channel, codes in PAYMENT_CODES.items():
        assert f"`{channel}` {'is ' if channel == 'cash' else ''}{' and '.join(codes)}" in sentence


def test_every_command_can_be_run() -> None:
    command = typer.main.get_command(app)
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S):
        for line in block.splitlines():
            group = command
            for word in line.split()[1:3]:
                below = getattr(group, "commands", {})
                group = below.get(word, group)
            known = {name for parameter in group.params for name in parameter.opts}
            assert set(re.findall(r" (--[a-z-]+)", line)) <= known, line
