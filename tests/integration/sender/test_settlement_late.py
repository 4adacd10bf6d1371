"""A sale that is captured late, or told of twice: sold once, its VAT reported once, clearing zero in the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from posplugin.domain.payment import PaymentRef, PaymentRequest, PaymentVoid
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from tests.integration.sender.settled import CLEARING, Amounts, settled
from tests.integration.sender.shop import CLEARING_MODE, INVOICED, OpenShop, Shop, settling

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
#: The till's own days, by what was sold for 1.00 at 25 % and paid by card.
ALONE: Amounts = {1580: 100, 3000: -100}
#: Such a day with `INVOICED` on it.
WITH_INVOICED: Amounts = {1580: 100, 1990: 30000, 3000: -24100, 3001: -6000}


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    """A till whose settlement reports the VAT of what is invoiced."""
    return settling(shops, **CLEARING_MODE)


def _close(shop: Shop, number: int, invoiced: Sequence[PaymentRef] | None = None) -> None:
    shop.later(AN_HOUR)
    shop.close_day(number, {25: 100}, invoiced=invoiced)


def _posted_without(shop: Shop, invoiced: Sequence[PaymentRef] | None = None) -> PaymentRequest:
    """Post Z 1, in whose time something was promised that the till does not capture within a day."""
    promised = shop.promise("101", INVOICED)
    _close(shop, 1, invoiced)
    shop.later(A_DAY)
    shop.send()
    assert shop.standing() == {"101": "needs_attention: unconfirmed_sale", "Z 1": "delivered"}
    return promised


def _captured_late(shop: Shop, invoiced: Sequence[PaymentRef] | None = None) -> PaymentRequest:
    promised = _posted_without(shop, invoiced)
    shop.later(AN_HOUR)
    shop.app.till().capture(promised)
    return promised


def _held(shop: Shop, number: int) -> str:
    shop.send()
    record = shop.record(f"Z {number}")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.SETTLEMENT_MISMATCH)
    return record.detail or ""


def _all_is_sent(shop: Shop, days: int) -> None:
    """Once the invoice is sent clearing is zero; its VAT has been reported once, with that of `days` tills' days."""
    shop.until_quiet()
    assert shop.statuses() == {Status.DELIVERED}
    for order in shop.go.orders():
        shop.go.send_order(order["Id"])
    assert shop.go.trial_balance()[CLEARING] == 0
    turnover = {code: int((sums.base + sums.vat) * 100) for code, sums in shop.go.vat_return().items()}
    assert turnover == {"3": 24000 + 100 * days, "31": 6000}


# -- promised ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [CLEARING_MODE, {}], ids=["settlement", "invoice"])
@pytest.mark.parametrize("invoiced", [None, ()], ids=["cannot tell", "lists none"])
def test_what_is_promised_holds_the_z_until_the_till_has_said_whether_it_is_final(
    shops: OpenShop, mode: dict[str, str], invoiced: Sequence[PaymentRef] | None
) -> None:
    """Told once, however many runs there are."""
    shop = settling(shops, **mode)
    promised = shop.promise("101", INVOICED)
    _close(shop, 1, invoiced)

    for _ in range(3):
        report = shop.send()
        assert (report.waiting, report.attention, shop.journal_posts()) == (1, 0, 0)
    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.PENDING, None)
    assert record.detail == "the till has not said yet whether these are final: 101"
    assert len(shop.app.outbox.events(record)) == 2

    shop.app.till().void(PaymentVoid(ref=promised.ref, why="declined"))
    shop.send()
    assert settled(shop.go) == {"Z 1": [ALONE]}


def test_what_is_captured_meanwhile_is_of_that_z(shop: Shop) -> None:
    """Also where nothing else was sold on it."""
    promised = shop.promise("101", INVOICED)
    shop.later(AN_HOUR)
    shop.close_day(1, {}, invoiced=None)
    shop.send()
    assert shop.record("Z 1").status is Status.PENDING

    shop.app.till().capture(promised)
    shop.until_quiet()
    assert settled(shop.go) == {"Z 1": [{1990: 30000, 3000: -24000, 3001: -6000}]}
    _all_is_sent(shop, days=0)


def test_what_is_promised_after_the_z_holds_the_next(shop: Shop) -> None:
    _close(shop, 1)
    shop.later(AN_HOUR)
    shop.promise("101", INVOICED)
    _close(shop, 2)

    shop.send()
    assert shop.standing() == {"Z 1": "delivered", "101": "authorized", "Z 2": "pending"}


# -- captured late -----------------------------------------------------------------------------------------------------


def test_a_later_z_takes_what_was_captured_late_where_the_host_cannot_tell(shop: Shop) -> None:
    """That one, and none after it."""
    _captured_late(shop)
    for number in (2, 3):
        _close(shop, number)
        shop.send()

    assert settled(shop.go) == {"Z 1": [ALONE], "Z 2": [WITH_INVOICED], "Z 3": [ALONE]}
    _all_is_sent(shop, days=3)


def test_two_that_are_posted_in_one_run_do_not_both_take_it(shop: Shop) -> None:
    _captured_late(shop)
    for number in (2, 3):
        _close(shop, number)

    shop.until_quiet()
    assert sorted(settled(shop.go)) == ["Z 1", "Z 2", "Z 3"]
    _all_is_sent(shop, days=3)


def test_a_z_that_took_it_takes_it_again_when_it_is_posted_anew(shop: Shop) -> None:
    _captured_late(shop)
    _close(shop, 2)
    shop.send()

    shop.app.settlement_desk().reverse(shop.record("Z 2"), "to see", again=True)
    _close(shop, 3)
    shop.until_quiet()

    assert settled(shop.go) == {"Z 1": [ALONE], "Z 2": [WITH_INVOICED], "Z 3": [ALONE]}
    _all_is_sent(shop, days=3)


def test_a_z_that_took_it_takes_it_again_when_its_answer_was_lost(shop: Shop) -> None:
    """Drawn up a second time, it is the same; it is previewed and put on paper with it."""
    _captured_late(shop)
    _close(shop, 2)
    shop.go.fault("drop-before", path="/Vouchers/CashJournals", times=1)

    shop.until_quiet()

    assert settled(shop.go)["Z 2"] == [WITH_INVOICED]
    (preview,) = (each for each in shop.app.settlement_desk().preview() if each.z.number == 2)
    assert [(each.invoice.receipt, each.on_clearing) for each in preview.invoiced] == [("101", True)]


def test_where_the_host_lists_its_payments_a_person_accepts_what_was_captured_late(shop: Shop) -> None:
    """Accepted, it is sold by that Z: else nobody would report its VAT."""
    _captured_late(shop, ())
    _close(shop, 2, ())
    assert "here, and in no Z: receipt 101 (" in _held(shop, 2)

    shop.app.settlement_desk().accept(shop.record("Z 2"), "captured by hand next morning")
    shop.send()
    _close(shop, 3, ())
    shop.send()

    assert settled(shop.go) == {"Z 1": [ALONE], "Z 2": [WITH_INVOICED], "Z 3": [ALONE]}
    _all_is_sent(shop, days=3)


def test_a_z_that_lists_what_was_never_captured_is_accepted_and_a_later_one_asks_once_it_is(shop: Shop) -> None:
    promised = shop.promise("101", INVOICED)
    _close(shop, 1, [promised.ref])
    assert _held(shop, 1).startswith("in the Z, and not here")
    shop.app.settlement_desk().accept(shop.record("Z 1"), "the guest left")
    shop.later(A_DAY + AN_HOUR)
    shop.send()
    assert settled(shop.go) == {"Z 1": [ALONE]}

    shop.app.till().capture(promised)
    _close(shop, 2, ())
    assert "receipt 101" in _held(shop, 2)
    shop.app.settlement_desk().accept(shop.record("Z 2"), "paid after all")
    shop.send()
    assert settled(shop.go)["Z 2"] == [WITH_INVOICED]
    _all_is_sent(shop, days=2)


def test_what_is_in_no_z_and_accepted_is_sold_by_its_own(shop: Shop) -> None:
    """Captured in time, and never listed."""
    shop.sell("101", INVOICED)
    _close(shop, 1, ())
    assert "here, and in no Z: receipt 101 (" in _held(shop, 1)
    shop.app.settlement_desk().accept(shop.record("Z 1"), "the till forgot it")
    shop.send()

    assert settled(shop.go) == {"Z 1": [WITH_INVOICED]}
    _close(shop, 2, ())
    _all_is_sent(shop, days=2)


@pytest.mark.parametrize("invoiced", [None, ()], ids=["cannot tell", "lists none"])
def test_an_invoice_that_reports_its_own_vat_is_no_later_zs(
    shops: OpenShop, invoiced: Sequence[PaymentRef] | None
) -> None:
    shop = settling(shops)
    _captured_late(shop, invoiced)
    _close(shop, 2, invoiced)

    shop.until_quiet()
    assert settled(shop.go) == {"Z 1": [ALONE], "Z 2": [ALONE]}


@pytest.mark.parametrize("invoiced", [None, ()], ids=["cannot tell", "lists it"])
@pytest.mark.parametrize("how", ["posted by hand", "taken back", "kept while settlements were off"])
def test_what_a_person_saw_to_with_its_own_z_is_no_later_zs(
    shop: Shop, how: str, invoiced: Sequence[PaymentRef] | None
) -> None:
    """Posted by hand with its Z, it stands on clearing already: no other Z may put it there again."""
    _close(shop, 1)
    shop.send()
    shop.later(AN_HOUR)
    ref = shop.sell("101", INVOICED).ref
    if how == "kept while settlements were off":
        shop.write(settlement="enabled = false")
        shop.reopen()
    _close(shop, 2, None if invoiced is None else [ref])
    if how == "posted by hand":
        shop.app.office().discard(shop.record("Z 2"), "voucher 17")
    if how == "taken back":
        shop.send()
        shop.app.settlement_desk().reverse(shop.record("Z 2"), "posted by hand instead")
    shop.write(settlement="attach_z_report = false")
    shop.reopen()
    _close(shop, 3, invoiced)

    shop.until_quiet()
    assert settled(shop.go) == {"Z 1": [ALONE], "Z 3": [ALONE]}
    assert shop.record("Z 3").status is Status.DELIVERED


# -- told of twice -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 8, 40])
@pytest.mark.parametrize("first_lists", [True, False], ids=["both list it", "the first cannot tell"])
def test_what_one_z_put_on_clearing_is_never_put_there_again(shop: Shop, days: int, first_lists: bool) -> None:
    """Told as twice, however long afterwards; accepted, the second is posted without it."""
    ref = shop.sell("101", INVOICED).ref
    _close(shop, 1, [ref] if first_lists else None)
    shop.send()
    shop.later(days * A_DAY)
    _close(shop, 2, [ref])

    assert _held(shop, 2) == f"in the Z, and in another Z too: {ref}"
    shop.app.settlement_desk().accept(shop.record("Z 2"), "the host told of it once more")
    shop.send()

    assert settled(shop.go) == {"Z 1": [WITH_INVOICED], "Z 2": [ALONE]}
    _all_is_sent(shop, days=2)


def test_two_that_name_the_same_and_are_both_accepted_put_it_on_clearing_once(shop: Shop) -> None:
    """Posted in one run."""
    ref = shop.sell("101", INVOICED).ref
    for number in (1, 2):
        _close(shop, number, [ref])
    shop.send()
    for number in (1, 2):
        shop.app.settlement_desk().accept(shop.record(f"Z {number}"), "as told")

    shop.until_quiet()
    assert sorted(map(str, (days[0] for days in settled(shop.go).values()))) == sorted(map(str, [ALONE, WITH_INVOICED]))
    _all_is_sent(shop, days=2)
