"""The day's settlements in the simulated PowerOffice: found again, and undone by us or by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from posplugin.accounting_system import Journals, Verdict
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.poweroffice.journal_reading import from_cash_journal, from_transactions, readable_draft
from posplugin.simulator import Simulator
from tests.fixtures.journals import (
    DAY,
    GROSS,
    IN_THE_BOOKS,
    JOURNAL,
    NEXT,
    REFERENCE,
    SINCE,
    leave,
    post,
    posted_on_the_day,
    refused,
)
from tests.fixtures.settings import LEDGER
from tests.unit.poweroffice.conftest import Gateway

A_DAY = timedelta(days=1)
#: Where the simulator's clock may be at the most.
LATER = datetime.now(UTC) + timedelta(hours=1)
NO_VOUCHER = "00000000-0000-4000-8000-000000000000"


# -- what was posted ---------------------------------------------------------------------------------------------------


def test_what_was_posted_is_found_with_what_stands_on_its_accounts(journals: Journals) -> None:
    """What others posted through the same integration is left out."""
    made = post(journals)
    post(journals, reference="Z 99 of another program")

    (found,) = posted_on_the_day(journals)

    assert (found.reference, found.accounting_id, found.number) == (REFERENCE, made.accounting_id, made.number)
    assert found.amounts == {account: int(amount * 100) for account, amount in IN_THE_BOOKS.items()}
    assert {account: found.amounts[account] for account in JOURNAL.fixed} == JOURNAL.fixed


def test_days_are_those_it_counts_on_and_since_is_when_it_was_made(journals: Journals) -> None:
    post(journals, replace(JOURNAL, posting_date=DAY + A_DAY))

    assert journals.posted_between(DAY - A_DAY, DAY, SINCE) == []
    assert len(journals.posted_between(DAY + A_DAY, DAY + A_DAY, SINCE) or ()) == 1
    assert journals.posted_between(DAY, DAY + A_DAY, LATER) == []


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u21_without_the_privilege_nobody_can_tell(go: Simulator, journals: Journals, answer: str) -> None:
    """With U14 b it is a 400; a duplicate answer tells all the same, and so does reading by id."""
    go.switch("U14", answer)
    go.switch("U21", "b")
    made = post(journals)

    assert journals.posted_between(DAY, DAY, SINCE) is None
    assert journals.reversed_since(DAY, DAY, SINCE) is None
    assert refused(post, journals).verdict is Verdict.DUPLICATE
    assert journals.journal(made.accounting_id, as_draft=False) == made


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u14_drafts_that_may_not_be_read_are_none(go: Simulator, journals: Journals, answer: str) -> None:
    """They are looked for whatever the settings say: it is no fault not to have the privilege."""
    go.switch("U14", answer)
    go.set_privilege("JournalEntryVoucher_Full", False)
    go.revoke_tokens()

    assert journals.drafts_since(SINCE) is None
    assert posted_on_the_day(journals) == []


def test_u4_reads_lag_behind_writes(go: Simulator, journals: Journals) -> None:
    """U4 b: not there for some seconds, in no list and by no id."""
    go.switch("U4", "b")
    made, left = post(journals), leave(journals)

    assert posted_on_the_day(journals) == []
    assert journals.drafts_since(SINCE) == []
    assert journals.journal(made.accounting_id, as_draft=False) is None
    assert journals.journal(left.accounting_id, as_draft=True) is None
    go.advance(10)
    assert [found.accounting_id for found in posted_on_the_day(journals)] == [made.accounting_id]
    assert journals.drafts_since(SINCE) == [left]
    assert journals.journal(made.accounting_id, as_draft=False) == made
    assert journals.journal(left.accounting_id, as_draft=True) == left


def test_a_voucher_that_cannot_be_read_is_there_all_the_same() -> None:
    """It hides no other, and is not taken for what we posted."""
    row = {"ExternalImportReference": REFERENCE, "VoucherId": "A", "VoucherNo": 7, "AccountNo": 1580}
    rows: list[dict[str, Any]] = [
        {**row, "Amount": Decimal("0.005")},
        {**row, "VoucherId": "B", "Amount": Decimal("240.00")},
        {"ExternalImportReference": None, "VoucherId": None},
        {},
    ]

    first, second = from_transactions(rows)

    assert (first.accounting_id, first.number, first.amounts) == ("a", 7, {})
    assert (second.accounting_id, second.amounts) == ("b", {1580: 240_00})


@pytest.mark.parametrize("number", [0, None])
def test_u16_a_number_that_is_none_is_none(number: int | None) -> None:
    assert from_cash_journal({"Id": "A", "VoucherNo": number}, {}).number is None


@pytest.mark.parametrize("rows", [[{"ExternalImportReference": REFERENCE}], [7]])
def test_a_list_that_cannot_be_understood_stops_the_run(
    journals: Journals, monkeypatch: pytest.MonkeyPatch, rows: list[object]
) -> None:
    """Nothing is posted, then, that may stand there already."""
    monkeypatch.setattr(PowerOfficeClient, "pages", lambda *_: iter(rows))

    assert refused(journals.posted_between, DAY, DAY, SINCE).verdict is Verdict.STOP


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_a_draft_waits_for_a_person(go: Simulator, journals: Journals) -> None:
    left = leave(journals)

    assert go.postings() == []
    assert (left.reference, left.is_posted, left.number, left.amounts) == (REFERENCE, False, None, GROSS)
    assert journals.journal(left.accounting_id, as_draft=True) == left
    assert journals.drafts_since(SINCE) == [left]
    assert journals.drafts_since(LATER) == []


def test_a_draft_that_a_person_posts(go: Simulator, journals: Journals) -> None:
    """It stands in the books as the journal would, and is seen as posted in either way."""
    left, other = leave(journals), leave(journals, reference=NEXT)
    go.post_draft(left.accounting_id)

    assert go.trial_balance() == IN_THE_BOOKS
    assert journals.journal(left.accounting_id, as_draft=True) == replace(left, is_posted=True)
    assert journals.journal(other.accounting_id, as_draft=True) == other
    found = {one.reference: one.is_posted for one in journals.drafts_since(SINCE) or ()}
    assert found == {left.reference: True, other.reference: False}
    assert posted_on_the_day(journals) == []


def test_nothing_guards_a_draft_against_being_made_twice(journals: Journals) -> None:
    made = {leave(journals).accounting_id, leave(journals).accounting_id}

    assert {one.accounting_id for one in journals.drafts_since(SINCE) or ()} == made


def test_a_lost_answer_to_a_draft_is_found_by_its_description(go: Simulator, journals: Journals) -> None:
    go.fault("drop-after", path="ManualJournals", method="POST", times=1)

    assert refused(leave, journals).verdict is Verdict.UNKNOWN
    assert [one.reference for one in journals.drafts_since(SINCE) or ()] == [REFERENCE]


def test_a_draft_without_a_reference_is_none_of_ours(journals: Journals) -> None:
    leave(journals, reference="Z 12")

    assert journals.drafts_since(SINCE) == []


def test_accounts_that_no_ledger_has_any_more_are_read_too(go: Simulator, gateway: Gateway) -> None:
    """The settings may have changed since it was posted: the whole chart is asked for, once."""
    made, left = post(gateway().journals), leave(gateway().journals)
    journals = gateway(ledger={**LEDGER, "gratuity": 2901, "tenders": {"cash": 1900}}).journals
    before = len(go.requests)

    for _ in range(2):
        assert journals.journal(made.accounting_id, as_draft=False) == made
        assert journals.drafts_since(SINCE) == [left]

    post(journals, reference=NEXT)
    asked = [entry["query"] for entry in go.requests[before:] if entry["path"] == "/v2/GeneralLedgerAccounts"]
    assert len(asked) == 1


def test_a_draft_that_persons_have_edited_reads_as_it_is() -> None:
    """Half an øre is no amount; what cannot be read is there, and not what we left."""
    line: dict[str, Any] = {"DebitAccountId": 58, "CreditAccountId": 98, "CurrencyAmount": Decimal("40.00")}
    row: dict[str, Any] = {"Id": "A", "Description": f"rettet ({REFERENCE})", "ManualVoucherLines": [line]}
    numbers = {58: 1580, 98: 2981}

    def read(**changes: object) -> dict[int, int]:
        edited = {**row, "ManualVoucherLines": [{**line, **changes}]}
        found = readable_draft(edited, numbers, is_posted=True)
        assert (found.reference, found.accounting_id, found.is_posted) == (REFERENCE, "a", True)
        return dict(found.amounts)

    assert read() == {1580: 40_00, 2981: -40_00}
    assert read(CreditAccountId=None) == {1580: 40_00}
    assert read(CreditAccountId=77) == {1580: 40_00}
    assert read(CurrencyAmount=None) == {1580: 0, 2981: 0}
    assert read(CurrencyAmount=Decimal("0.005")) == {}


def test_a_draft_is_deleted_unless_it_has_been_posted(go: Simulator, journals: Journals) -> None:
    left, kept = leave(journals), leave(journals, reference=NEXT)
    journals.delete_draft(left.accounting_id)
    journals.delete_draft(left.accounting_id)
    go.post_draft(kept.accounting_id)

    error = refused(journals.delete_draft, kept.accounting_id)

    assert (error.verdict, error.reason, error.status) == (Verdict.ATTENTION, Reason.REJECTED, 409)
    assert "already posted" in error.words
    assert [draft["Id"] for draft in go.drafts()] == [kept.accounting_id]
    assert journals.journal(left.accounting_id, as_draft=True) is None


# -- undoing -----------------------------------------------------------------------------------------------------------


def test_a_reversal_may_be_asked_for_twice_and_frees_the_reference(go: Simulator, journals: Journals) -> None:
    made = post(journals)
    journals.reverse(made.accounting_id)
    journals.reverse(made.accounting_id)

    assert not any(go.trial_balance().values())
    assert journals.journal(made.accounting_id, as_draft=False) == replace(made, is_reversed=True)
    again = post(journals)
    assert go.trial_balance() == IN_THE_BOOKS
    assert {one.accounting_id: one.is_reversed for one in posted_on_the_day(journals)} == {
        made.accounting_id: True,
        again.accounting_id: False,
    }


def test_a_person_reverses(go: Simulator, journals: Journals) -> None:
    made, kept = post(journals), post(journals, reference=NEXT)
    assert journals.reversed_since(DAY, DAY, SINCE) == frozenset()
    go.reverse_voucher(made.accounting_id)

    assert journals.reversed_since(DAY, DAY, SINCE) == frozenset({made.accounting_id})
    assert journals.reversed_since(DAY, DAY, LATER) == frozenset()
    journals.reverse(made.accounting_id)
    assert {one.reference: one.is_reversed for one in posted_on_the_day(journals)} == {REFERENCE: True, NEXT: False}
    assert journals.journal(kept.accounting_id, as_draft=False) == kept


def test_a_reversal_may_count_on_a_later_day(journals: Journals) -> None:
    """Where the day of the journal has been locked since."""
    made = post(journals, replace(JOURNAL, posting_date=DAY + A_DAY))
    journals.reverse(made.accounting_id)

    assert journals.reversed_since(DAY, DAY, SINCE) == frozenset({made.accounting_id})


def test_what_cannot_be_reversed_says_why(go: Simulator, journals: Journals) -> None:
    made = post(journals)
    go.set_lock_date(DAY)

    assert refused(journals.reverse, made.accounting_id).reason is Reason.PERIOD_LOCKED
    go.set_lock_date(None)
    go.fault("drop-after", path="Reverse", times=1)
    assert refused(journals.reverse, made.accounting_id).verdict is Verdict.UNKNOWN
    journals.reverse(made.accounting_id)
    assert refused(journals.reverse, NO_VOUCHER).status == 404
