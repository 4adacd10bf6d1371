"""Where what was posted may not be read (U21): the duplicate answer tells, and nobody posts or reverses by guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.poweroffice.journals import PowerOfficeJournals
from tests.integration.sender.settled import Amounts, settled, stand_settled_once
from tests.integration.sender.shop import LEDGER, OpenShop, Shop, settling

POST = "/Vouchers/CashJournals"
#: Another account for what is paid by card.
OTHER_LEDGER = LEDGER.replace("card = 1580", "card = 1900")
A_DAY = timedelta(days=1)


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops)


def _whys(shop: Shop, receipt: str) -> Iterable[str | None]:
    return [event.why for event in shop.app.outbox.events(shop.record(receipt))]


def _may_not_read(shop: Shop) -> None:
    shop.go.switch("U21", "b")
    shop.go.revoke_tokens()


def _may_read(shop: Shop) -> None:
    shop.go.switch("U21", "a")
    shop.go.revoke_tokens()


def _believed(shop: Shop) -> Record:
    """Post Z 1, whose answer is lost: it is delivered on the word of the duplicate answer."""
    shop.go.fault("drop-after", path=POST, times=1)
    shop.until_quiet()
    record = shop.record("Z 1")
    assert (record.status, record.accounting_state, record.accounting_id) == (Status.DELIVERED, Stage.POSTED, None)
    return record


def _change(shop: Shop, **settings: str) -> None:
    shop.write(**settings)
    shop.reopen()


@pytest.mark.parametrize("refusal", ["a", "b"])
@pytest.mark.parametrize("duplicate", ["a", "b", "c"])
def test_u21_without_the_privilege_the_duplicate_answer_tells(shop: Shop, duplicate: str, refusal: str) -> None:
    """Posted again under the same reference; it stands there, and is said not to have been compared."""
    for name, answer in {"U21": "b", "U2": duplicate, "U14": refusal}.items():
        shop.go.switch(name, answer)
    shop.go.revoke_tokens()
    z = shop.close_day(1)
    shop.go.fault("drop-after", path=POST, times=1)

    shop.until_quiet()

    record = shop.record("Z 1")
    assert (record.status, record.accounting_state, record.accounting_id) == (Status.DELIVERED, Stage.POSTED, None)
    assert any("is not compared" in (why or "") for why in _whys(shop, "Z 1"))
    stand_settled_once(shop.go, z)
    assert shop.journal_posts() == 2
    assert shop.app.follow() == []
    assert shop.record("Z 1").reason is None


def test_u21_one_that_never_arrived_is_posted_then(shop: Shop) -> None:
    shop.go.switch("U21", "b")
    z = shop.close_day(1)
    shop.go.fault("drop-before", path=POST, times=1)

    shop.until_quiet()

    assert shop.record("Z 1").accounting_number == 1
    stand_settled_once(shop.go, z)


# -- the very same again -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [{"ledger": OTHER_LEDGER}, {"settlement": 'attach_z_report = false\nposting = "draft"'}],
    ids=["another account", "drafts from now on"],
)
@pytest.mark.parametrize("fault", ["drop-after", "drop-before"])
def test_a_try_of_unknown_fate_is_repeated_as_it_was_whatever_the_settings_say_now(
    shop: Shop, changed: dict[str, str], fault: str
) -> None:
    """A duplicate answer speaks of just that, and what is believed is what is shown."""
    _may_not_read(shop)
    z = shop.close_day(1)
    shop.go.fault(fault, path=POST, times=1)
    shop.send()
    assert shop.record("Z 1").status is Status.UNCERTAIN

    _change(shop, **changed)
    shop.until_quiet()

    stand_settled_once(shop.go, z)
    assert (shop.go.drafts(), shop.record("Z 1").status) == ([], Status.DELIVERED)
    assert _shown(shop) == settled(shop.go)["Z 1"][0]


def _shown(shop: Shop) -> Amounts:
    """Return what the preview shows as posted."""
    (preview,) = shop.app.settlement_desk().preview()
    assert preview.is_posted
    return {line.account: line.amount for line in preview.journal.lines}


def test_what_died_in_hand_is_repeated_as_it_was(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of our own after it was posted is no refusal."""
    _may_not_read(shop)
    z, post = shop.close_day(1), PowerOfficeJournals.post

    def breaks(self: PowerOfficeJournals, *told: object, **more: bool) -> None:
        post(self, *told, **more)  # type: ignore[arg-type]
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(PowerOfficeJournals, "post", breaks)
        shop.send()
    assert shop.record("Z 1").reason is Reason.INTERNAL

    _change(shop, ledger=OTHER_LEDGER)
    shop.app.office().retry(shop.record("Z 1"))
    shop.until_quiet()
    assert shop.record("Z 1").status is Status.DELIVERED
    stand_settled_once(shop.go, z)
    assert _shown(shop) == settled(shop.go)["Z 1"][0]


@pytest.mark.parametrize("may_read", [True, False], ids=["may be read", "may not be read"])
def test_a_try_that_was_refused_outright_is_drawn_up_anew(shop: Shop, may_read: bool) -> None:
    """By the ledger as it has been mended: nothing stands there that it could differ from."""
    if not may_read:
        _may_not_read(shop)
    shop.go.change("account", "AccountNo", 1580, IsActive=False)
    shop.close_day(1)
    shop.send()
    refused = shop.record("Z 1")
    assert (refused.reason, shop.journal_posts()) == (Reason.ACCOUNT_MISSING, 0)
    assert shop.app.outbox.settlements.journals(refused) == []

    _change(shop, ledger=OTHER_LEDGER)
    shop.send()
    assert shop.record("Z 1").status is Status.DELIVERED
    assert settled(shop.go) == {"Z 1": [{1900: 24000, 2981: -4000, 3000: -16000, 3001: -4000}]}


def test_a_try_that_poweroffice_refused_is_drawn_up_anew(shop: Shop) -> None:
    """On another day, once that may be: the lock date was not told."""
    _may_not_read(shop)
    shop.go.fault("403", path="/LockDateSettings")
    z = shop.close_day(1)
    shop.go.set_lock_date(z.business_date)
    shop.send()
    assert (shop.record("Z 1").reason, shop.journal_posts()) == (Reason.PERIOD_LOCKED, 1)

    shop.go.clear_faults()
    _change(shop, settlement='attach_z_report = false\nperiod_locked = "first_open_day"')
    shop.send()
    stand_settled_once(shop.go, z)
    assert {row["PostingDate"] for row in shop.go.postings()} == {(z.business_date + A_DAY).isoformat()}


# -- taken back --------------------------------------------------------------------------------------------------------


def test_what_was_taken_on_the_answers_word_is_not_reversed_by_an_old_id(shop: Shop) -> None:
    """The voucher before it is known by its id, and has been reversed: never that one again in its place."""
    _may_not_read(shop)
    z, desk = shop.close_day(1), shop.app.settlement_desk()
    shop.send()
    first = shop.record("Z 1")
    again = desk.reverse(first, "tips were on the wrong account", again=True)
    assert (first.accounting_number, again.accounting_id, again.accounting_number) == (1, None, None)

    second = _believed(shop)
    assert (second.reference, second.accounting_number) == (first.reference[:-1] + "2", None)
    with pytest.raises(IllegalTransition, match="which voucher it is may not be read: reverse it in PowerOffice"):
        desk.reverse(second, "once more", again=True)
    shop.until_quiet()

    stand_settled_once(shop.go, z)
    assert shop.record("Z 1") == second


# -- followed ----------------------------------------------------------------------------------------------------------


def _asked_at_night(shop: Shop) -> list[str]:
    """Return what is asked for in one night, but for the chart of accounts that amounts are read by."""
    shop.later(A_DAY)
    before = len(shop.requests())
    assert shop.app.follow() == []
    asked = [path.removeprefix("/v2") for _, path in shop.requests()[before:]]
    return sorted(path for path in asked if "Token" not in path and "GeneralLedgerAccounts" not in path)


@pytest.mark.parametrize("refusal", ["a", "b"])
def test_where_reversals_may_not_be_read_each_journal_is_asked_for(shop: Shop, refusal: str) -> None:
    """Of the last 40 days."""
    shop.go.switch("U14", refusal)
    _may_not_read(shop)
    shop.close_day(1, at=shop.clock() - 35 * A_DAY)
    shop.close_day(2)
    shop.send()
    ids = [f"{POST}/{shop.record(name).accounting_id}" for name in ("Z 1", "Z 2")]
    shop.later(4 * A_DAY)
    assert _asked_at_night(shop) == sorted(["/AccountTransactions", *ids])

    by_id = {voucher["Id"]: voucher["Id"] for voucher in shop.go.vouchers()}
    shop.go.reverse_voucher(by_id[shop.record("Z 2").accounting_id])
    shop.later()
    assert _asked_at_night(shop) == ["/AccountTransactions", ids[1]]
    record = shop.record("Z 2")
    assert (record.reason, record.accounting_state) == (Reason.GONE, Stage.GONE)
    assert record.detail == f"voucher {record.accounting_number} has been reversed in the accounting system"
    assert shop.record("Z 1").reason is None
    assert [*settled(shop.go)] == ["Z 1"]


def test_what_was_taken_on_the_answers_word_and_is_found_reversed_is_gone(shop: Shop) -> None:
    """Once it may be read; while it may not, nothing is said."""
    _may_not_read(shop)
    shop.close_day(1)
    _believed(shop)
    shop.go.reverse_voucher(shop.go.vouchers()[0]["Id"])
    _asked_at_night(shop)
    assert shop.record("Z 1").reason is None

    _may_read(shop)
    _asked_at_night(shop)
    record = shop.record("Z 1")
    assert (record.status, record.accounting_state, record.reason) == (Status.DELIVERED, Stage.GONE, Reason.GONE)
    assert record.detail == "its voucher has been reversed in the accounting system"
    shop.app.office().retry(record)
    shop.send()
    assert (shop.record("Z 1").status, len(settled(shop.go)["Z 1"])) == (Status.DELIVERED, 1)


@pytest.mark.parametrize("is_damaged", [False, True])
def test_what_was_taken_on_the_answers_word_is_compared_once_it_may_be_read(shop: Shop, is_damaged: bool) -> None:
    """Where what was posted cannot be read here, a person compares it."""
    _may_not_read(shop)
    shop.close_day(1)
    _believed(shop)
    if is_damaged:
        shop.app.database.execute("UPDATE journals SET document = replace(document, '4000', '4001')")
    _may_read(shop)

    _asked_at_night(shop)

    record = shop.record("Z 1")
    assert (record.accounting_number, record.reason) == (1, Reason.TOTALS_DIFFER if is_damaged else None)
    assert (record.detail == "voucher 1: what was posted cannot be read here") is is_damaged
