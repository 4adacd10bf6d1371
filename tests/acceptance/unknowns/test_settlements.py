"""What nobody knows about vouchers: under each answer a day stands in the books once, or a person is told why not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.settling import (
    POST,
    all_are_settled_once,
    close_days,
    none_is_settled_twice,
    open_settling,
)
from tests.integration.sender.settled import settled, stand_settled_once

REFUSING = ["U2a", "U2b", "U2c"]


# -- a reference that is in use (U2) -----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", REFUSING)
def test_a_new_try_meets_its_own_voucher_out_of_sight_and_makes_no_second(answer: str, open_shop: OpenShop) -> None:
    """Lists that lag longer than settle_time allows for: the duplicate answer saves us (under U2d nothing could)."""
    shop = open_settling(open_shop, answer, "U4b", read_lag_seconds=3 * 3600)
    days = close_days(shop)
    shop.go.fault("drop-after", path=POST, times=2)

    for _ in range(6):
        shop.send()
        shop.later()
    assert {len(vouchers) for vouchers in settled(shop.go).values()} == {1}
    held = [record for record in shop.records() if record.needs_a_person]
    assert {record.reason for record in held} == {Reason.REFERENCE_BLOCKED}
    shop.later(timedelta(hours=4))
    for record in held:
        shop.app.office().retry(record)
    shop.until_quiet()
    all_are_settled_once(shop, days)
    assert {len(vouchers) for vouchers in settled(shop.go).values()} == {1}


@pytest.mark.parametrize("answer", ["U2a", "U2b", "U2c", "U2d"])
def test_an_old_outbox_put_back_finds_what_it_posted_and_what_was_posted_anew(
    answer: str, open_shop: OpenShop, tmp_path: Path
) -> None:
    """Also by the next generation, and nothing of what a person has taken back since is posted by itself."""
    shop = open_settling(open_shop, answer)
    days = close_days(shop)
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    shop.until_quiet()
    shop.app.settlement_desk().reverse(shop.record("Z 1"), "posted anew", again=True)
    shop.app.settlement_desk().reverse(shop.record("Z 3"), "the wrong day")
    shop.until_quiet()
    posts = shop.journal_posts()

    shop.put_back(backup)
    shop.until_quiet()

    assert none_is_settled_twice(shop, days) == {Reason.GONE}
    stand_settled_once(shop.go, *days[:2])
    assert (shop.journal_posts(), shop.record("Z 1").reference[-2:]) == (posts, "-2")
    shop.app.office().retry(shop.record("Z 3"))
    shop.until_quiet()
    all_are_settled_once(shop, days)


def test_u2d_a_day_that_stands_there_twice_is_named_until_one_is_taken_back(open_shop: OpenShop) -> None:
    """Two answers are lost, and lists lag longer than settle_time."""
    shop = open_settling(open_shop, "U2d", "U4b", read_lag_seconds=3600)
    z = shop.close_day(1)
    shop.go.fault("drop-after", path=POST, times=2)
    for pause in (timedelta(seconds=61), timedelta(hours=2)):
        shop.send()
        shop.later(pause)
    shop.until_quiet()
    assert (shop.record("Z 1").reason, len(shop.go.vouchers())) == (Reason.REFERENCE_IN_USE, 2)

    shop.go.reverse_voucher(shop.go.vouchers()[1]["Id"])
    shop.app.office().retry(shop.record("Z 1"))
    shop.until_quiet()
    assert (shop.record("Z 1").status, len(shop.go.vouchers())) == (Status.DELIVERED, 2)
    stand_settled_once(shop.go, z)


# -- out of balance (U10) ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["U10a", "U10b"])
def test_a_day_that_does_not_add_up_is_never_posted(answer: str, open_shop: OpenShop) -> None:
    """Whether or not PowerOffice would take it, and put the difference where nobody looks for it."""
    shop = open_settling(open_shop, answer)
    days = close_days(shop)
    shop.close_day(5, {25: 10000}, paid={"card": 9999})

    shop.until_quiet()

    held = shop.record("Z 5")
    assert (held.status, held.reason) == (Status.NEEDS_ATTENTION, Reason.UNBALANCED)
    assert "by −0,01" in (held.detail or "")
    assert 9999 not in shop.go.trial_balance()
    shop.app.office().discard(held, "posted by hand")
    shop.until_quiet()
    stand_settled_once(shop.go, *days)


# -- its number (U16) --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lag", ["U4a", "U4b"])
@pytest.mark.parametrize("answer", ["U16a", "U16b"])
def test_every_vouchers_number_is_known_by_the_next_morning(answer: str, lag: str, open_shop: OpenShop) -> None:
    """At once, when it has been read again, or when all is followed at night."""
    shop = open_settling(open_shop, answer, lag)
    days = close_days(shop)
    shop.until_quiet()
    if lag == "U4a" or answer == "U16a":
        assert all(shop.record(z.name).accounting_number for z in days)
    shop.later()

    assert shop.app.follow() == []
    numbers = {voucher["Id"]: voucher["VoucherNo"] for voucher in shop.go.vouchers()}
    known = [shop.record(z.name) for z in days]
    assert {record.accounting_id: record.accounting_number for record in known} == numbers
    all_are_settled_once(shop, days)


# -- what may not be read (U21) ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["U2a", "U2b", "U2c"])
def test_u21b_a_day_whose_answer_was_lost_is_taken_as_delivered_and_said_not_to_be_compared(
    answer: str, open_shop: OpenShop
) -> None:
    shop = open_settling(open_shop, answer)
    shop.go.switch("U21", "b")
    shop.go.revoke_tokens()
    days = close_days(shop)
    shop.go.fault("drop-after", path=POST, times=1)

    shop.until_quiet()

    all_are_settled_once(shop, days)
    (unread,) = [
        record for record in shop.records() if (record.status, record.accounting_id) == (Status.DELIVERED, None)
    ]
    assert any("is not compared" in (event.why or "") for event in shop.app.outbox.events(unread))


@pytest.mark.parametrize("answer", ["U21a", "U21b"])
def test_an_old_outbox_put_back_posts_nothing_twice_whether_or_not_it_may_look(
    answer: str, open_shop: OpenShop, tmp_path: Path
) -> None:
    """Where it may not, the duplicate answers tell, once for each day."""
    shop = open_settling(open_shop)
    shop.go.switch(answer[:-1], answer[-1])
    shop.go.revoke_tokens()
    days = close_days(shop)
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    shop.until_quiet()

    shop.put_back(backup)
    shop.until_quiet()
    all_are_settled_once(shop, days)
