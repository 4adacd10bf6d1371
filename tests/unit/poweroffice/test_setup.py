"""The parts of the set-up check that need no PowerOffice: privileges, clock, claims, ledgers, measurements."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from posplugin.accounting_system import Measured
from posplugin.domain.fault import Fault
from posplugin.domain.look import Need
from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.pace import Pacer
from posplugin.poweroffice.setup.connection import verify_connection
from posplugin.poweroffice.setup.ledger import ledger_entries
from posplugin.poweroffice.setup.privileges import Privileges, privileges_needed, verify_sending
from posplugin.settings.model import Settings
from posplugin.settings.read import read_settings
from tests.fixtures.settings import LEDGER, write_settings

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
KEYS = Keys(
    token_url="http://localhost/OAuth/Token",
    api_url="http://localhost/v2",
    application_key="a",
    client_key="c",
    subscription_key="s",
)
Connect = Callable[..., PowerOfficeClient]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes a client of a PowerOffice with this token and this Date."""
    made: list[PowerOfficeClient] = []

    def make(token: str = "opaque", date: str | None = None) -> PowerOfficeClient:
        def answer(request: httpx.Request) -> httpx.Response:
            body = {"access_token": token, "expires_in": 1200} if "Token" in request.url.path else {"ClientName": "Go"}
            return httpx.Response(200, json=body, headers={"Date": date} if date else {})

        made.append(PowerOfficeClient(KEYS, Pacer(0.0), transport=httpx.MockTransport(answer)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _settings(tmp_path: Path, **changes: object) -> Settings:
    return read_settings(write_settings(tmp_path / "posplugin.toml", **changes), {})


# -- the connection ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "fault"),
    [
        ("Fri, 20 Nov 2026 12:00:00 GMT", None),
        ("Fri, 20 Nov 2026 12:01:59 GMT", None),
        ("Fri, 20 Nov 2026 11:58:01 GMT", None),
        ("Fri, 20 Nov 2026 12:02:01 GMT", Fault.CLOCK_WRONG),
        ("Fri, 20 Nov 2026 11:57:59 GMT", Fault.CLOCK_WRONG),
        ("Fri, 20 Nov 2026 13:00:00 +0100", None),
        ("today", None),
        (None, None),
    ],
)
def test_clocks_may_be_two_minutes_apart(connect: Connect, date: str | None, fault: Fault | None) -> None:
    """A Date that says nothing proves nothing."""
    _, findings = verify_connection(connect(date=date), ["bar"], lambda: NOW)

    assert {finding.fault for finding in findings} - {None} == ({fault} if fault else set())
    assert len(findings) == (1 if date in (None, "today") else 2)


def test_a_slow_answer_is_no_wrong_clock(connect: Connect) -> None:
    """The Date is of the moment the answer was made, somewhere between asking and getting it."""
    moments = iter([NOW, NOW + timedelta(minutes=5)])

    _, findings = verify_connection(connect(date="Fri, 20 Nov 2026 12:04:00 GMT"), ["bar"], lambda: next(moments))

    assert all(finding.ok for finding in findings)


def _token(claims: object) -> str:
    return "head." + urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=") + ".signature"


@pytest.mark.parametrize(
    ("token", "claims"),
    [
        (_token({"goAllowSendInvoice": "True"}), {"goAllowSendInvoice": "True"}),
        (_token(["goAllowSendInvoice"]), {}),
        ("opaque", {}),
        ("a.%%%.c", {}),
        ("a.bm8ganNvbg.c", {}),
    ],
)
def test_a_token_tells_what_it_can(connect: Connect, token: str, claims: dict[str, str]) -> None:
    assert connect(token).claims() == claims


# -- privileges --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid", "asked", "held"),
    [
        (["Customer"], "Customer", True),
        (["Customer_Full"], "Customer", True),
        (["Customer"], "Customer_Full", False),
        (["SalesOrder_Full"], "SalesOrders_Full", True),
        (["GeneralLedgerAccounts_Full"], "GeneralLedgerAccount", True),
        ([], "Customer", False),
        (None, "Customer", False),
    ],
)
def test_a_full_privilege_serves_for_reading_and_never_the_other_way(valid: Any, asked: str, held: bool) -> None:
    assert Privileges({"ValidPrivileges": valid}).held(asked) is held


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ({"invoicing": {"attach_receipt": True}}, ("SalesOrderAttachment_Full", Need.ATTACHMENTS)),
        ({"invoicing": {"include_employee_number": True}}, ("Employee", Need.EMPLOYEES)),
        (
            {"invoicing": {"lines": "per_item", "create_missing_products": True}},
            ("Product_Full", Need.NEW_PRODUCTS),
        ),
        ({"ledger": LEDGER, "settlement": {"attach_z_report": False}}, ("CashVoucher_Full", Need.SETTLEMENTS)),
        (
            {"ledger": LEDGER, "settlement": {"posting": "draft"}},
            ("JournalEntryVoucher_Full", Need.SETTLEMENT_DRAFTS),
        ),
    ],
)
def test_what_the_settings_ask_for_needs_its_privilege(
    tmp_path: Path, changes: dict[str, Any], need: tuple[str, Need]
) -> None:
    plain = set(privileges_needed(_settings(tmp_path), ["bar"]))

    assert set(privileges_needed(_settings(tmp_path, **changes), ["bar"])) - plain == {need}


def test_the_z_report_on_the_voucher_has_a_privilege_of_its_own(tmp_path: Path) -> None:
    """Not so on a draft: whoever may make that may add pages to it."""
    plain = set(privileges_needed(_settings(tmp_path), ["bar"]))
    with_reports = set(privileges_needed(_settings(tmp_path, ledger=LEDGER), ["bar"]))
    off = _settings(tmp_path, ledger=LEDGER, settlement={"enabled": False})

    assert with_reports - plain == {
        ("CashVoucher_Full", Need.SETTLEMENTS),
        ("VoucherDocumentation_Full", Need.SETTLEMENTS),
    }
    assert set(privileges_needed(off, ["bar"])) == plain


def test_departments_are_read_only_where_they_have_codes(tmp_path: Path) -> None:
    text = write_settings(tmp_path / "posplugin.toml").read_text().replace('department_code = "10"\n', "")
    (tmp_path / "posplugin.toml").write_text(text)
    settings = read_settings(tmp_path / "posplugin.toml", {})

    assert "Department" not in dict(privileges_needed(settings, ["bar"]))


@pytest.mark.parametrize(
    ("about", "claims", "allowed"),
    [
        ({"AllowSendInvoice": True}, {}, True),
        ({"AllowSendInvoice": False}, {"goAllowSendInvoice": "True"}, False),
        ({}, {"goAllowSendInvoice": "True"}, True),
        ({}, {"goAllowSendInvoice": "False"}, False),
        ({}, {}, False),
    ],
)
def test_leave_to_send_is_told_in_two_places(
    tmp_path: Path, about: dict[str, Any], claims: dict[str, str], allowed: bool
) -> None:
    settings = _settings(tmp_path, invoicing={"delivery": "send"})

    assert [finding.ok for finding in verify_sending(about, claims, settings, ["bar"])] == [allowed]


def test_leave_to_send_is_not_asked_for_where_nothing_is_sent(tmp_path: Path) -> None:
    assert list(verify_sending({}, {}, _settings(tmp_path), ["bar"])) == []


# -- ledgers and measurements ------------------------------------------------------------------------------------------


def test_each_account_is_named_where_the_settings_name_it(tmp_path: Path) -> None:
    """A department's own entries stand under the department; what it takes from the default, there, and once."""
    sale = {"article_group": "*", "vat": 25, "account": 3000, "vat_code": "3"}
    own = {"rounding": 7740, "tenders": {"vipps": 1585}, "movements": {"11011": 1930}}
    own |= {"sales": [{**sale, "account": 3010}]}
    tables = {"tenders": {"cash": 1900}, "movements": {"11010": 1920}, "sales": [sale]}
    settings = _settings(
        tmp_path,
        settlement={"enabled": False},  # so that the ledgers may be short
        ledger={"rounding": 7745, "gratuity": 2981, **tables},
        departments={"terrace": {"client_key": "bar-client-0b2d", "ledger": own}},
    )

    entries = ledger_entries(settings, ["bar", "terrace"])

    assert {(entry.setting, entry.account) for entry in entries} == {
        ("ledger.rounding", 7745),
        ("ledger.gratuity", 2981),
        ("ledger.tenders.cash", 1900),
        ("ledger.movements.11010", 1920),
        ('ledger.sales "*" 25 %', 3000),
        ("departments.terrace.ledger.rounding", 7740),
        ("departments.terrace.ledger.tenders.vipps", 1585),
        ("departments.terrace.ledger.movements.11011", 1930),
        ('departments.terrace.ledger.sales "*" 25 %', 3010),
    }
    shared = next(name for entry, name in entries.items() if entry.setting == "ledger.gratuity")
    assert shared == "terrace"  # which has no department code, should the account demand one


@pytest.mark.parametrize(
    ("total", "rate", "excludes_vat"),
    [(12500, 25, True), (10000, 25, False), (11500, 15, True), (11200, 12, True), (11500, 25, None), (0, 25, None)],
)
def test_a_total_tells_how_prices_are_taken(total: int, rate: int, excludes_vat: bool | None) -> None:
    measured = Measured(price=10000, rate=rate, product="30", total=total, number=1, left=None)

    assert measured.excludes_vat is excludes_vat
