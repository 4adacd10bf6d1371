"""What keeps a settlement from being posted: named for a person; mended, it goes on, and stands there once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from tests.integration.sender.settled import in_the_books, settled, stand_settled_once
from tests.integration.sender.shop import CLEARING_MODE, INVOICED, LEDGER, OpenShop, Shop, settling

A_DAY = timedelta(days=1)
#: Of the ledger: sales at 12 %, and at 0.
AT_12 = '  { article_group = "*", vat = 12, account = 3002, vat_code = "33" },\n'
AT_0 = '  { article_group = "*", vat = 0, account = 3003, vat_code = "5" },\n'


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops)


def _held(shop: Shop, reason: Reason, number: int = 1) -> Record:
    """Send, and return the settlement that needs a person; nothing of it has been posted."""
    shop.send()
    record = shop.record(f"Z {number}")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, reason), record.detail
    assert record.receipt not in settled(shop.go)
    return record


# -- set-up that is wrong, and mended ----------------------------------------------------------------------------------


def test_an_account_out_of_use_holds_it_until_it_is_mended_and_check_passes(shop: Shop) -> None:
    """Named with what it is for; the invoices are delivered meanwhile."""
    shop.sell("101", INVOICED)
    z = shop.close_day(1)
    shop.go.change("account", "AccountNo", 2981, IsActive=False)

    record = _held(shop, Reason.ACCOUNT_MISSING)
    assert "2981" in (record.detail or "")
    assert shop.record("101").status is Status.DELIVERED
    assert shop.journal_posts() == 0

    shop.go.change("account", "AccountNo", 2981, IsActive=True)
    assert [finding for finding in shop.app.office().check() if not finding.ok] == []
    shop.send()
    stand_settled_once(shop.go, z)


def test_an_account_that_the_ledger_lacks_is_named_until_it_is_written_there(shops: OpenShop) -> None:
    """With the settings as they are at each try."""
    shop = settling(shops, ledger=LEDGER.replace(AT_12, ""))
    z = shop.close_day(1, {25: 10000, 12: 5600})
    assert "12 %" in (_held(shop, Reason.ACCOUNT_MISSING).detail or "")

    shop.write(ledger=LEDGER)
    shop.reopen()
    assert [finding for finding in shop.app.office().check() if not finding.ok] == []
    shop.send()
    stand_settled_once(shop.go, z)


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u11_a_locked_day_waits_until_it_is_unlocked(shop: Shop, answer: str) -> None:
    shop.go.switch("U11", answer)
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date)

    assert f"{z.business_date:%d.%m.%Y}" in (_held(shop, Reason.PERIOD_LOCKED).detail or "")
    shop.send()
    assert shop.journal_posts() == 0

    shop.go.set_lock_date(z.business_date - A_DAY)
    shop.app.office().release([Reason.PERIOD_LOCKED])
    shop.send()
    stand_settled_once(shop.go, z)


@pytest.mark.parametrize(("answer", "reason"), [("a", Reason.PERIOD_LOCKED), ("b", Reason.PERIOD_LOCKED)])
def test_u11_a_lock_that_may_not_be_read_is_heard_of_from_the_answer(shop: Shop, answer: str, reason: Reason) -> None:
    shop.go.switch("U11", answer)
    shop.go.fault("403", path="/LockDateSettings")
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date)
    _held(shop, reason)

    shop.go.set_lock_date(None)
    shop.app.office().retry(shop.record("Z 1"))
    shop.send()
    stand_settled_once(shop.go, z)


# -- looked at anew in each run ----------------------------------------------------------------------------------------


class _Impatient(threading.Event):
    """Lets time pass where a run waits for its next pass."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop
        self.waits = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.waits += 1
        self.shop.later(timedelta(seconds=timeout or 0))
        return False


def _events(shop: Shop) -> int:
    return len(shop.app.outbox.events(shop.record("Z 1")))


def _a_run_of_many_passes(shop: Shop) -> None:
    """Another Z waits for the till, and so the run goes on until its window closes."""
    shop.later(2 * A_DAY)
    shop.promise("900", INVOICED)
    shop.close_day(90)
    stopping = shop.app.stopping = _Impatient(shop)
    shop.send(window=timedelta(hours=2))
    assert stopping.waits > 3


@pytest.mark.parametrize("is_released", [True, False], ids=["check has let it go on", "send alone"])
def test_an_account_that_the_ledger_lacked_is_told_until_it_is_mended(shops: OpenShop, is_released: bool) -> None:
    shop = settling(shops, ledger=LEDGER.replace(AT_12, ""))
    z = shop.close_day(1, {25: 10000, 12: 5600})
    record = _held(shop, Reason.ACCOUNT_MISSING)
    _a_run_of_many_passes(shop)
    assert shop.record("Z 1") == record

    shop.write(ledger=LEDGER)
    shop.reopen()
    if is_released:
        assert shop.app.office().release([Reason.ACCOUNT_MISSING]) != []
    shop.send()
    assert settled(shop.go) == {"Z 1": [in_the_books(z)]}


def test_what_the_ledger_lacks_is_told_as_it_is_now(shops: OpenShop) -> None:
    """One account is there, and another is missing still."""
    shop = settling(shops, ledger=LEDGER.replace(AT_12, "").replace(AT_0, ""))
    shop.close_day(1, {25: 10000, 12: 5600, 0: 500})
    assert "12 %" in (_held(shop, Reason.ACCOUNT_MISSING).detail or "")

    shop.write(ledger=LEDGER.replace(AT_0, ""))
    shop.reopen()
    words = _held(shop, Reason.ACCOUNT_MISSING).detail or ""
    assert ("0 %" in words, "12 %" in words) == (True, False)


def test_an_account_out_of_use_is_asked_for_in_each_run_and_tried_when_it_is_there(shop: Shop) -> None:
    """Without a word as long as it is not, and without check once it is."""
    z = shop.close_day(1)
    shop.go.change("account", "AccountNo", 2981, IsActive=False)
    record = _held(shop, Reason.ACCOUNT_MISSING)
    tries = len(shop.app.outbox.attempts(record))
    _a_run_of_many_passes(shop)
    assert shop.record("Z 1") == record
    assert (len(shop.app.outbox.attempts(record)), shop.journal_posts()) == (tries, 0)

    shop.go.change("account", "AccountNo", 2981, IsActive=True)
    shop.send()
    assert settled(shop.go) == {"Z 1": [in_the_books(z)]}


def test_a_day_that_the_accountant_opens_is_posted_by_the_next_run(shop: Shop) -> None:
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date)
    record = _held(shop, Reason.PERIOD_LOCKED)
    shop.send()
    assert shop.record("Z 1") == record

    shop.go.set_lock_date(z.business_date - A_DAY)
    shop.send()
    stand_settled_once(shop.go, z)


def test_a_day_that_is_still_locked_when_check_lets_it_go_on_is_held_for_the_same_reason(shop: Shop) -> None:
    """One event more for each, and none in the runs after it, however often they try."""
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date)
    held = _held(shop, Reason.PERIOD_LOCKED)
    before = _events(shop)

    assert shop.app.office().release([Reason.PERIOD_LOCKED]) != []
    again = _held(shop, Reason.PERIOD_LOCKED)
    assert (again.detail, _events(shop)) == (held.detail, before + 2)
    _a_run_of_many_passes(shop)
    assert (shop.record("Z 1"), shop.journal_posts()) == (again, 0)


def test_a_lock_that_may_not_be_read_is_tried_once_in_a_run(shop: Shop) -> None:
    """However many passes it makes: only PowerOffice's answer tells."""
    shop.go.fault("403", path="/LockDateSettings")
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date)
    _held(shop, Reason.PERIOD_LOCKED)
    before, posts = _events(shop), shop.journal_posts()

    _a_run_of_many_passes(shop)
    assert (shop.journal_posts(), _events(shop)) == (posts + 1, before + 3)
    assert shop.record("Z 1").reason is Reason.PERIOD_LOCKED

    shop.go.set_lock_date(None)
    shop.send()
    assert settled(shop.go)["Z 1"] == [in_the_books(z)]


# -- the first open day ------------------------------------------------------------------------------------------------


def test_on_the_first_open_day_it_counts_there_and_says_whose_day_it_is(shops: OpenShop) -> None:
    shop = settling(shops, 'period_locked = "first_open_day"')
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date)

    shop.send()

    stand_settled_once(shop.go, z)
    (voucher,) = shop.go.vouchers()
    assert voucher["VoucherDate"] == z.business_date.isoformat()
    assert {row["PostingDate"] for row in shop.go.postings()} == {(z.business_date + A_DAY).isoformat()}


def test_on_the_first_open_day_a_lost_answer_is_found_there(shops: OpenShop) -> None:
    shop = settling(shops, 'period_locked = "first_open_day"')
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date + timedelta(days=40))
    shop.go.fault("drop-after", path="CashJournals", times=1)

    shop.until_quiet()

    stand_settled_once(shop.go, z)
    assert shop.journal_posts() == 1


# -- days that do not add up -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u10_an_unbalanced_z_is_never_posted(shop: Shop, answer: str) -> None:
    """Also where PowerOffice would take it: the difference is named, and what is likely to have made it."""
    shop.go.switch("U10", answer)
    z = shop.close_day(1, {25: 10000}, tips=4000, paid={"card": 10000})

    words = _held(shop, Reason.UNBALANCED).detail or ""

    assert "−40,00" in words
    assert "the tips are not within the tenders" in words
    shop.app.office().retry(shop.record("Z 1"))
    _held(shop, Reason.UNBALANCED)
    assert (shop.journal_posts(), shop.go.postings()) == (0, [])
    shop.app.office().discard(shop.record("Z 1"), "posted by hand, voucher 17")
    shop.send()
    assert shop.go.postings() == []
    assert z.cash.difference == -4000


def test_a_payment_in_the_z_that_was_never_captured_holds_it_until_it_is(shop: Shop) -> None:
    """Captured late, it goes on by itself."""
    shop.send()
    promised = shop.promise("101", INVOICED)
    z = shop.close_day(1, invoiced=[promised.ref])
    assert f"in the Z, and not here: {promised.ref}" in (_held(shop, Reason.SETTLEMENT_MISMATCH).detail or "")

    shop.app.till().capture(promised)
    shop.send()
    stand_settled_once(shop.go, z)
    assert shop.statuses() == {Status.DELIVERED}


def test_an_invoice_that_no_z_lists_holds_it_until_a_later_z_does(shop: Shop) -> None:
    record = shop.sell("101", INVOICED)
    first = shop.close_day(1, invoiced=())
    assert f"here, and in no Z: receipt 101 ({record.ref}" in (_held(shop, Reason.SETTLEMENT_MISMATCH).detail or "")

    second = shop.close_day(2, {25: 100}, invoiced=[record.ref])
    shop.send()
    stand_settled_once(shop.go, first, second)


def test_an_invoice_is_cleared_by_the_z_that_lists_it_and_by_no_other(shops: OpenShop) -> None:
    """Sold in the time of the first, listed by the second."""
    shop = settling(shops, **CLEARING_MODE)
    record = shop.sell("101", INVOICED)
    shop.close_day(1, invoiced=())
    shop.close_day(2, {25: 100}, invoiced=[record.ref])

    shop.until_quiet()
    assert settled(shop.go) == {
        "Z 1": [{1580: 24000, 2981: -4000, 3000: -16000, 3001: -4000}],
        "Z 2": [{1580: 100, 1990: 30000, 3000: -24100, 3001: -6000}],
    }


def test_a_difference_that_a_person_accepts_is_posted_and_another_asks_anew(shop: Shop) -> None:
    shop.sell("101", INVOICED)
    before = shop.clock()
    z = shop.close_day(1, invoiced=())
    record = _held(shop, Reason.SETTLEMENT_MISMATCH)
    shop.app.settlement_desk().accept(record, "the till was changed that day")
    shop.sell("102", at=before)
    assert "receipt 102" in (_held(shop, Reason.SETTLEMENT_MISMATCH).detail or "")

    accepted = shop.app.settlement_desk().accept(shop.record("Z 1"), "and this one too")
    assert accepted.status is Status.PENDING
    shop.send()
    stand_settled_once(shop.go, z)


def test_what_was_let_go_is_no_mismatch(shops: OpenShop) -> None:
    """Its revenue is posted by nobody here: neither on sales nor on clearing."""
    shop = settling(shops, **CLEARING_MODE)
    shop.sell("101", INVOICED)
    shop.go.archive_product("50")
    shop.send()
    shop.app.office().discard(shop.record("101"), "paid in cash next day")
    z = shop.close_day(1)

    shop.send()
    stand_settled_once(shop.go, z)
