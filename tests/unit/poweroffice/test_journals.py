"""The day's settlements in the simulated PowerOffice: posted, left as drafts, refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from posplugin.accounting_system import Journals, PostedJournal, Verdict
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Journal
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.simulator import Simulator
from tests.fixtures.journals import (
    DAY,
    GROSS,
    IN_THE_BOOKS,
    JOURNAL,
    LINES,
    NEXT,
    REFERENCE,
    leave,
    post,
    posted_on_the_day,
    refused,
)
from tests.unit.poweroffice.conftest import Gateway

PDF = b"%PDF-1.4 Z 12"
#: A second department of the bar's client.
WITH_CAFE = {"cafe": {"client_key": "bar-client-0b2d", "department_code": "20", "products": {"vat_25": "30"}}}


def asked(go: Simulator, *, since: int = 0) -> list[str]:
    return [f"{entry['method']} {str(entry['path']).removeprefix('/v2')}" for entry in go.requests[since:]]


# -- posting -----------------------------------------------------------------------------------------------------------


def test_the_example_stands_in_the_books(go: Simulator, journals: Journals) -> None:
    """To the øre on every account without VAT; the rest is PowerOffice's split of the gross amounts."""
    posted = post(journals)

    assert go.trial_balance() == IN_THE_BOOKS
    assert {account: posted.amounts[account] for account in JOURNAL.fixed} == JOURNAL.fixed
    (voucher,) = go.vouchers()
    number = voucher["VoucherNo"]
    assert posted == PostedJournal(reference=REFERENCE, accounting_id=voucher["Id"], number=number, amounts=GROSS)
    told = ("ImportedVoucherNo", "SaftSourceId", "SaftBatchId", "VoucherDate")
    assert [voucher[name] for name in told] == [12, "999999999-1", "12", "2026-11-20"]
    assert {row["DepartmentCode"] for row in go.postings() if row["AccountNo"] in GROSS} == {"10"}


def test_accounts_codes_and_department_are_asked_for_once(go: Simulator, journals: Journals) -> None:
    post(journals)
    first = asked(go)
    post(journals, reference=NEXT)
    journals.request_for(JOURNAL, REFERENCE, as_draft=True)

    assert sorted(first) == [
        "GET /Departments",
        "GET /GeneralLedgerAccounts",
        "GET /VatCodes",
        "POST /OAuth/Token",
        "POST /Vouchers/CashJournals",
    ]
    assert asked(go, since=len(first)) == ["POST /Vouchers/CashJournals"]


def test_what_would_be_sent_is_what_is_sent(go: Simulator, journals: Journals) -> None:
    text = journals.request_for(JOURNAL, REFERENCE, as_draft=False)
    assert go.vouchers() == []
    post(journals)

    sent = next(entry for entry in go.requests if entry["path"] == "/v2/Vouchers/CashJournals")
    assert json.loads(text) == json.loads(json.dumps(sent["body"], default=float))


@pytest.mark.parametrize("as_draft", [True, False])
def test_an_account_that_is_locked_to_7_gets_7(go: Simulator, journals: Journals, as_draft: bool) -> None:
    go.change("account", "AccountNo", 2981, VatCode="7")

    made = journals.post(JOURNAL, REFERENCE, as_draft=as_draft)

    if as_draft:
        go.post_draft(made.accounting_id)
    assert {row["AccountNo"]: row["VatCode"] for row in go.postings()}[2981] == "7"
    assert go.trial_balance() == IN_THE_BOOKS


def test_an_account_outside_the_ledgers_is_asked_for(journals: Journals) -> None:
    """The settings may be others since the gateway was made."""
    lines = (replace(LINES[0], account=9999), *LINES[1:])

    assert post(journals, replace(JOURNAL, lines=lines)).amounts[9999] == 240_00


def test_a_lost_answer_is_of_unknown_fate_and_found_again(go: Simulator, journals: Journals) -> None:
    go.fault("drop-after", path="CashJournals", times=1)

    assert refused(post, journals).verdict is Verdict.UNKNOWN
    assert [(found.reference, found.number) for found in posted_on_the_day(journals)] == [(REFERENCE, 1)]


@pytest.mark.parametrize("answer", [{}, [], None, {"Id": None}, "Created"])
@pytest.mark.parametrize("as_draft", [True, False])
def test_an_answer_that_cannot_be_understood_is_of_unknown_fate(
    journals: Journals, monkeypatch: pytest.MonkeyPatch, answer: object, as_draft: bool
) -> None:
    """It was accepted: whatever it says, it is never posted again without a look."""
    monkeypatch.setattr(PowerOfficeClient, "post", lambda *_: answer)

    error = refused(journals.post, JOURNAL, REFERENCE, as_draft=as_draft)

    assert (error.verdict, error.status) == (Verdict.UNKNOWN, 201)


@pytest.mark.parametrize(("lag", "number"), [("a", 1), ("b", None)])
def test_u16_the_number_is_read_anew_where_the_answer_has_none(
    go: Simulator, journals: Journals, lag: str, number: int | None
) -> None:
    """U16 b: 0 in the answer. With U4 b it cannot be read yet, and is known later."""
    go.switch("U16", "b")
    go.switch("U4", lag)

    made = post(journals)

    assert made.number == number
    go.advance(10)
    read = journals.journal(made.accounting_id, as_draft=False)
    assert read is not None
    assert (read.number, read.amounts) == (1, made.amounts)


def test_u16_whatever_goes_wrong_with_the_number_the_journal_is_posted(go: Simulator, journals: Journals) -> None:
    go.switch("U16", "b")
    go.fault("500-before", method="GET", path="CashJournals")

    assert post(journals).number is None
    assert len(go.vouchers()) == 1


# -- duplicates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["a", "b", "c"])
def test_u2_a_duplicate_is_told_apart(go: Simulator, journals: Journals, answer: str) -> None:
    go.switch("U2", answer)
    made = post(journals)

    error = refused(post, journals)

    assert (error.verdict, error.reason) == (Verdict.DUPLICATE, Reason.REFERENCE_IN_USE)
    assert [found.accounting_id for found in posted_on_the_day(journals)] == [made.accounting_id]


def test_u2_d_two_of_one_reference_are_both_seen(go: Simulator, journals: Journals) -> None:
    go.switch("U2", "d")
    made = {post(journals).accounting_id, post(journals).accounting_id}

    found = posted_on_the_day(journals)

    assert {one.accounting_id for one in found} == made
    assert [one.reference for one in found] == [REFERENCE] * 2


# -- what may not be posted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["a", "b"])
@pytest.mark.parametrize("as_draft", [True, False])
def test_u10_an_unbalanced_journal_never_leaves(go: Simulator, journals: Journals, answer: str, as_draft: bool) -> None:
    """Where PowerOffice would accept it, it would put the difference somewhere by itself."""
    go.switch("U10", answer)
    short = replace(JOURNAL, lines=LINES[:-1])

    error = refused(journals.post, short, REFERENCE, as_draft=as_draft)

    assert (error.verdict, error.reason) == (Verdict.ATTENTION, Reason.UNBALANCED)
    assert "40,00" in error.words
    assert (go.vouchers(), go.drafts()) == ([], [])


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u11_a_locked_period_is_told_as_such(go: Simulator, journals: Journals, answer: str) -> None:
    """On the first open day, it is posted: the voucher keeps the day of the Z."""
    go.switch("U11", answer)
    go.set_lock_date(DAY)

    error = refused(post, journals)

    assert (error.verdict, error.reason) == (Verdict.ATTENTION, Reason.PERIOD_LOCKED)
    post(journals, replace(JOURNAL, posting_date=DAY + timedelta(days=1)))
    assert go.trial_balance() == IN_THE_BOOKS
    assert {(row["VoucherDate"], row["PostingDate"]) for row in go.postings()} == {("2026-11-20", "2026-11-21")}


WRONG: list[tuple[tuple[str, str, object, dict[str, Any]], Reason, str]] = [
    # what a person changed, reason, what the words say
    (("account", "AccountNo", 2981, {"IsActive": False}), Reason.ACCOUNT_MISSING, "account 2981 (tips) is not active"),
    (("account", "AccountNo", 3000, {"AccountNo": 3009}), Reason.ACCOUNT_MISSING, "account 3000 (mat) is not in the"),
    (("account", "AccountNo", 3000, {"VatCode": "31"}), Reason.ACCOUNT_MISSING, "(mat) is locked to VAT code 31,"),
    (("account", "AccountNo", 2981, {"VatCode": "3"}), Reason.ACCOUNT_MISSING, "(tips) is locked to VAT code 3,"),
    (("account", "AccountNo", 1580, {"IsProjectRequired": True}), Reason.ACCOUNT_MISSING, "(card) demands a project"),
    (("vat", "Code", "31", {"IsActive": False}), Reason.ACCOUNT_MISSING, "VAT code 31 for account 3001 (take-away)"),
    (("vat", "Code", "31", {"Code": "X"}), Reason.ACCOUNT_MISSING, "account 3001 (take-away) is not among"),
    (("department", "Code", "10", {"IsActive": False}), Reason.DEPARTMENT_MISSING, "department 10 (bar)"),
]


@pytest.mark.parametrize(("changed", "reason", "words"), WRONG)
def test_what_is_out_of_use_is_named_and_nothing_is_sent(
    go: Simulator, journals: Journals, changed: tuple[str, str, object, dict[str, Any]], reason: Reason, words: str
) -> None:
    """A draft, too: PowerOffice would take it, and the person who posts it would be the one to find out."""
    kind, member, value, change = changed
    go.change(kind, member, value, **change)

    for as_draft in (True, False):
        error = refused(journals.post, JOURNAL, REFERENCE, as_draft=as_draft)
        assert (error.verdict, error.reason) == (Verdict.ATTENTION, reason)
        assert words in error.words
    assert (go.vouchers(), go.drafts()) == ([], [])


def test_an_account_may_demand_a_department(go: Simulator, gateway: Gateway) -> None:
    go.change("account", "AccountNo", 1580, IsDepartmentRequired=True)
    terrace = gateway("bar", "terrace", departments={"terrace": {"client_key": "bar-client-0b2d"}}).journals
    post(terrace)

    error = refused(post, terrace, replace(JOURNAL, department="terrace"), NEXT)

    assert error.reason is Reason.DEPARTMENT_MISSING
    assert "account 1580 (card) demands a department, and departments.terrace.department_code" in error.words


def _in_cafe(*lines: int) -> Journal:
    """Return the example with some of its lines in the café."""
    return replace(
        JOURNAL, lines=tuple(replace(line, department="cafe" if n in lines else None) for n, line in enumerate(LINES))
    )


@pytest.mark.parametrize("as_draft", [True, False])
def test_a_line_of_another_department_counts_there(go: Simulator, gateway: Gateway, as_draft: bool) -> None:
    made = gateway("bar", "cafe", departments=WITH_CAFE).journals.post(_in_cafe(2), REFERENCE, as_draft=as_draft)
    if as_draft:
        go.post_draft(made.accounting_id)

    assert go.trial_balance() == IN_THE_BOOKS
    there = {row["AccountNo"]: row["DepartmentCode"] for row in go.postings() if row["AccountNo"] in GROSS}
    assert there == {1580: "10", 3000: "10", 3001: "20", 2981: "10"}


def test_an_account_may_demand_a_department_of_a_line_of_another_department(go: Simulator, gateway: Gateway) -> None:
    """The café has none in PowerOffice; a café that the gateway is not for is none of its lines'."""
    go.change("account", "AccountNo", 3001, IsDepartmentRequired=True)
    cafe = {**WITH_CAFE["cafe"], "department_code": ""}
    mixed = gateway("bar", "cafe", departments={"cafe": {k: v for k, v in cafe.items() if v}}).journals
    assert post(mixed, _in_cafe(1)).number == 1

    error = refused(post, mixed, _in_cafe(2), reference=NEXT)
    assert (error.verdict, error.reason) == (Verdict.ATTENTION, Reason.DEPARTMENT_MISSING)
    assert error.words.endswith("departments.cafe.department_code is not set")
    alone = refused(post, gateway().journals, _in_cafe(2), reference=NEXT)
    assert (alone.reason, alone.words) == (Reason.DEPARTMENT_MISSING, "no department cafe in the settings")


def test_a_department_that_the_gateway_is_not_for(journals: Journals) -> None:
    error = refused(post, journals, replace(JOURNAL, department="terrace"))

    assert (error.verdict, error.reason) == (Verdict.ATTENTION, Reason.DEPARTMENT_MISSING)


@pytest.mark.parametrize(("answer", "verdict"), [("a", Verdict.STOP), ("b", Verdict.ATTENTION)])
def test_u14_without_the_privilege_to_post(go: Simulator, journals: Journals, answer: str, verdict: Verdict) -> None:
    go.switch("U14", answer)
    go.set_privilege("CashVoucher_Full", False)

    error = refused(post, journals)

    assert (error.verdict, error.reason) == (verdict, Reason.MISSING_PRIVILEGE)


# -- the Z report, and the lock ----------------------------------------------------------------------------------------


def test_the_z_report_stands_on_the_voucher(go: Simulator, journals: Journals) -> None:
    made = post(journals)
    for _ in range(2):
        journals.document(made.accounting_id, "z-12.pdf", PDF, as_draft=False)

    told = [(entry["status"], entry["query"]) for entry in go.requests if entry["method"] == "PUT"]
    assert told == [(204, {"id": made.accounting_id})] * 2
    assert refused(journals.document, made.accounting_id, "z.pdf", b"GIF89a", as_draft=False).status == 400


def test_the_z_report_is_a_page_of_the_draft_until_it_is_posted(go: Simulator, journals: Journals) -> None:
    """Once, however often it is asked for."""
    left, other = leave(journals), leave(journals, reference=NEXT)
    for _ in range(2):
        journals.document(left.accounting_id, "z-12.pdf", PDF, as_draft=True)
    assert [len(draft["Pages"]) for draft in go.drafts()] == [1, 0]
    go.post_draft(other.accounting_id)

    error = refused(journals.document, other.accounting_id, "z-12.pdf", PDF, as_draft=True)

    assert (error.verdict, error.reason) == (Verdict.ATTENTION, Reason.ATTACHMENT_FAILED)


@pytest.mark.parametrize("as_draft", [True, False])
def test_u4_what_has_just_been_posted_may_be_documented_later(
    go: Simulator, journals: Journals, as_draft: bool
) -> None:
    """U4 b: 404 for a while, which is no "no"."""
    go.switch("U4", "b")
    made = journals.post(JOURNAL, REFERENCE, as_draft=as_draft)

    error = refused(journals.document, made.accounting_id, "z.pdf", PDF, as_draft=as_draft)

    assert (error.verdict, error.status) == (Verdict.UNKNOWN, 404)
    go.advance(10)
    journals.document(made.accounting_id, "z.pdf", PDF, as_draft=as_draft)


@pytest.mark.parametrize("day", [DAY, None])
def test_the_lock_date_is_told(go: Simulator, journals: Journals, day: date | None) -> None:
    go.set_lock_date(day)

    assert journals.locked_until() == day


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u14_without_the_privilege_no_lock_date_is_told(go: Simulator, journals: Journals, answer: str) -> None:
    go.switch("U14", answer)
    go.set_privilege("CommonServices_Full", False)

    assert journals.locked_until() is None
