"""What becomes of a posted settlement: its number; taken back and posted anew, by us or by a person there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posplugin.accounting_system import AccountingError, Stage
from posplugin.domain.errors import AlreadySending, IllegalTransition, UsageError
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.sender.lock import only_sender
from tests.integration.sender.settled import settled, stand_settled_once
from tests.integration.sender.shop import LEDGER, OpenShop, Shop, settling

REVERSE = "/Vouchers/Reverse/"


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops)


def _posted(shop: Shop) -> Record:
    shop.send()
    record = shop.record("Z 1")
    assert (record.status, record.accounting_state) == (Status.DELIVERED, Stage.POSTED)
    return record


def _reversals(shop: Shop) -> int:
    return sum(path.startswith(f"/v2{REVERSE}") for _, path in shop.requests())


# -- taken back by us --------------------------------------------------------------------------------------------------


def test_a_settlement_is_taken_back_and_posted_anew_by_other_accounts(shop: Shop) -> None:
    """As the next generation; what was posted under each reference stays in the history, and so do the reasons."""
    z = shop.close_day(1)
    first = _posted(shop)
    desk = shop.app.settlement_desk()

    taken_back = desk.reverse(first, "tips were on the wrong account")
    assert (taken_back.status, settled(shop.go)) == (Status.REVERSED, {})
    stand_settled_once(shop.go)
    shop.send()
    assert shop.journal_posts() == 1

    shop.write(ledger=LEDGER.replace("gratuity = 2981", "gratuity = 2901"))
    shop.reopen()
    shop.app.office().retry(taken_back)
    shop.send()
    again = shop.record("Z 1")
    assert (again.status, again.reference) == (Status.DELIVERED, first.reference[:-1] + "2")
    assert settled(shop.go) == {"Z 1": [{1580: 24000, 2901: -4000, 3000: -16000, 3001: -4000}]}
    rows = shop.app.outbox.settlements.journals(again)
    assert [row.reference for row in rows] == [first.reference, again.reference]
    accounts = [{line.account for line in row.journal.lines} for row in rows]
    assert accounts == [{1580, 2981, 3000, 3001}, {1580, 2901, 3000, 3001}]
    events = [(event.now, event.why) for event in shop.app.outbox.events(again)]
    assert (Status.REVERSED, "tips were on the wrong account") in events
    assert z.name == again.receipt


def test_taken_back_and_posted_anew_in_one_go_as_often_as_one_likes(shop: Shop) -> None:
    z = shop.close_day(1)
    for generation in (1, 2, 3):
        assert _posted(shop).reference.endswith(f"-{generation}")
        shop.app.settlement_desk().reverse(shop.record("Z 1"), "once more", again=True)
    shop.send()

    stand_settled_once(shop.go, z)
    assert len(shop.go.vouchers()) == 4


def test_a_crash_between_the_reversal_and_its_writing_down_is_made_good_by_doing_it_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PowerOffice says that it has been reversed; that is what was wanted."""
    z = shop.close_day(1)
    record, move = _posted(shop), Outbox.move

    def killed(self: Outbox, record: Record, to: Status, *told: object, **more: object) -> Record:
        if to is Status.REVERSED:
            raise KeyboardInterrupt
        return move(self, record, to, *told, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "move", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.app.settlement_desk().reverse(record, "x")
    shop.reopen()
    assert (shop.record("Z 1").status, settled(shop.go)) == (Status.DELIVERED, {})

    shop.app.settlement_desk().reverse(shop.record("Z 1"), "x", again=True)
    shop.send()
    stand_settled_once(shop.go, z)
    assert _reversals(shop) == 2


@pytest.mark.parametrize("fault", ["drop-after", "500-after", "drop-before", "500-before", "503"])
def test_a_reversal_whose_answer_was_lost_is_asked_for_again(shop: Shop, fault: str) -> None:
    z = shop.close_day(1)
    record = _posted(shop)
    shop.go.fault(fault, path=REVERSE, times=1)
    with pytest.raises(AccountingError):
        shop.app.settlement_desk().reverse(record, "x", again=True)
    assert shop.record("Z 1") == record

    shop.app.settlement_desk().reverse(record, "x", again=True)
    shop.send()
    stand_settled_once(shop.go, z)


def test_what_has_changed_since_it_was_read_is_not_reversed(shop: Shop) -> None:
    shop.close_day(1)
    record = _posted(shop)
    shop.app.office().hide(record)

    with pytest.raises(IllegalTransition, match="read it again"):
        shop.app.settlement_desk().reverse(record, "x")
    assert _reversals(shop) == 0


def test_what_is_not_posted_by_us_cannot_be_taken_back(shop: Shop) -> None:
    shop.sell("101")
    shop.close_day(1)
    desk = shop.app.settlement_desk()
    with pytest.raises(IllegalTransition, match="only a posted settlement"):
        desk.reverse(shop.record("Z 1"), "x")
    record = _posted(shop)
    with pytest.raises(IllegalTransition, match="only a posted settlement"):
        desk.reverse(shop.record("101"), "x")
    with pytest.raises(UsageError, match="say why"):
        desk.reverse(record, " ")
    with only_sender(shop.app.database.path), pytest.raises(AlreadySending):
        desk.reverse(record, "x")
    assert _reversals(shop) == 0


def test_a_locked_period_keeps_it_as_it_is(shop: Shop) -> None:
    z = shop.close_day(1)
    record = _posted(shop)
    shop.go.set_lock_date(z.business_date)

    with pytest.raises(AccountingError, match="locked"):
        shop.app.settlement_desk().reverse(record, "x")
    assert shop.record("Z 1") == record
    stand_settled_once(shop.go, z)


# -- taken back there --------------------------------------------------------------------------------------------------


def test_what_a_person_reverses_there_is_gone_and_posted_anew_by_hand(shop: Shop) -> None:
    """Nothing is posted by itself; the others stay as they are."""
    z, other = shop.close_day(1), shop.close_day(2, {25: 100})
    record = _posted(shop)
    shop.go.reverse_voucher(record.accounting_id or "")
    shop.later(timedelta(days=1))
    assert shop.app.follow() == []

    gone = shop.record("Z 1")
    assert (gone.status, gone.accounting_state, gone.reason) == (Status.DELIVERED, Stage.GONE, Reason.GONE)
    assert gone.detail == f"voucher {record.accounting_number} has been reversed in the accounting system"
    shop.send()
    stand_settled_once(shop.go, other)

    shop.app.office().retry(gone)
    shop.send()
    stand_settled_once(shop.go, z, other)
    assert shop.app.follow() == []
    assert shop.record("Z 1").reason is None


def test_what_a_person_reverses_there_can_be_taken_back_here_as_well(shop: Shop) -> None:
    """Seen to be gone or not yet: no second reversal is made."""
    z = shop.close_day(1)
    for seen in (False, True):
        record = _posted(shop)
        shop.go.reverse_voucher(record.accounting_id or "")
        if seen:
            shop.app.follow()
        shop.app.settlement_desk().reverse(shop.record("Z 1"), "as there", again=True)

    shop.send()
    stand_settled_once(shop.go, z)
    assert [voucher["IsReversed"] for voucher in shop.go.vouchers()] == [True, True, False]


def test_what_a_person_reverses_while_its_fate_is_unknown_is_not_posted_again(shop: Shop) -> None:
    shop.close_day(1)
    shop.go.fault("drop-after", path="CashJournals", times=1)
    shop.go.fault("503", path="AccountTransactions", every=2, times=1)
    shop.send()
    shop.go.reverse_voucher(shop.go.vouchers()[0]["Id"])

    for _ in range(3):
        shop.later()
        shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.GONE)
    assert shop.journal_posts() == 1


# -- its number --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u16_the_vouchers_number_is_known_at_once(shop: Shop, answer: str) -> None:
    shop.go.switch("U16", answer)
    shop.close_day(1)

    assert _posted(shop).accounting_number == 1


@pytest.mark.parametrize("why", ["U4b", "503"])
def test_u16_b_a_number_that_cannot_be_read_yet_is_told_by_the_next_follow(shop: Shop, why: str) -> None:
    shop.go.switch("U16", "b")
    if why == "U4b":
        shop.go.switch("U4", "b")
    else:
        shop.go.fault("503", path="/Vouchers/CashJournals/", method="GET", times=1)
    shop.close_day(1)
    assert _posted(shop).accounting_number is None
    if why == "U4b":
        for _ in range(3):
            assert shop.app.follow() == []
        assert (shop.record("Z 1").accounting_number, shop.record("Z 1").reason) == (None, None)
    shop.later()

    assert shop.app.follow() == []
    assert shop.record("Z 1").accounting_number == 1
