"""Every answer and every fault for the day's settlement: in the books once, or a person is told; never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import FAULTS
from tests.acceptance.unknowns.settling import (
    LEAVE,
    POST,
    all_are_settled_once,
    close_days,
    drafts_of,
    none_is_settled_twice,
    open_clearing,
    open_settling,
    set_fault,
)
from tests.integration.sender.settled import CLEARING, stand_settled_once

#: The first answers are played together.
FIRST = "U2a-U4a-U5a-U6a-U9a-U10a-U11a-U12a-U16a-U21a-U22a"
LOST = ("drop-after", "cut", "500-after")
FAILS = ("500-after", "500-before", "503")
#: Answers that are of vouchers meet every fault, the others those that they bear on.
CELLS = [
    *((answer, fault) for answer in (FIRST, "U2b", "U2c", "U2d", "U16b") for fault in FAULTS),
    *((answer, fault) for answer in ("U12b", "U12c") for fault in FAILS),
    *((answer, "429") for answer in ("U5b", "U5c")),
    *((answer, "drop-after") for answer in ("U6b", "U6c", "U9b", "U22b")),
    *((answer, "none") for answer in ("U10b", "U11b")),
]
#: No draft is made again by itself where it may have been made, or may not.
NEVER_AGAIN = {"drop-before", "500-before", "503"}


@pytest.mark.parametrize(("answer", "fault"), CELLS)
def test_whatever_is_answered_and_lost_every_day_is_settled_once(answer: str, fault: str, open_shop: OpenShop) -> None:
    """Sent until quiet, and again: nothing is ever there twice."""
    shop = open_settling(open_shop, *answer.split("-"))
    days = close_days(shop)
    set_fault(shop, fault)

    shop.until_quiet()
    all_are_settled_once(shop, days)

    posts = shop.journal_posts()
    assert posts == len(days) or fault not in ("none", *LOST)
    shop.go.clear_faults()
    shop.until_quiet()
    assert shop.app.follow() == []
    all_are_settled_once(shop, days)
    assert shop.journal_posts() == posts


@pytest.mark.parametrize(
    ("answer", "refusal", "fault"),
    [*(("U21b", "U14a", fault) for fault in FAULTS), *(("U21b", "U14b", fault) for fault in LOST)],
)
def test_what_may_not_be_read_is_settled_once_all_the_same(
    answer: str, refusal: str, fault: str, open_shop: OpenShop
) -> None:
    """The duplicate answer tells that a day stands there."""
    shop = open_settling(open_shop, refusal)
    shop.go.switch(answer[:-1], answer[-1])
    shop.go.revoke_tokens()
    days = close_days(shop)
    set_fault(shop, fault)

    shop.until_quiet()
    all_are_settled_once(shop, days)
    assert {record.accounting_state for record in shop.records() if record.status is Status.DELIVERED} == {"posted"}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("answer", ["U2a-U4b-U16b", "U2d-U4b"])
def test_reads_that_lag_behind_writes_settle_nothing_twice(answer: str, fault: str, open_shop: OpenShop) -> None:
    """Runs within seconds of each other, with a lag shorter than settle_time."""
    shop = open_settling(open_shop, *answer.split("-"), read_lag_seconds=6)
    days = close_days(shop)
    set_fault(shop, fault)

    for _ in range(6):
        shop.send()
        shop.later(timedelta(seconds=2))
    shop.until_quiet()
    all_are_settled_once(shop, days)


@pytest.mark.parametrize("fault", ["none", *LOST, "drop-before"])
def test_whatever_is_lost_clearing_is_zero_when_all_is_sent(fault: str, open_shop: OpenShop) -> None:
    """Invoices and their settlement together, where the settlement reports the VAT."""
    shop = open_clearing(open_shop, *FIRST.split("-"))
    shop.sell("1", {25: 24000, 15: 6000})
    shop.sell("2", {25: 12345, 12: 1})
    z = shop.close_day(1)
    set_fault(shop, fault)
    set_fault(shop, fault, "/SalesOrders/Complete")

    shop.until_quiet()

    stand_settled_once(shop.go, z, cleared={25: 36345, 15: 6000, 12: 1})
    assert shop.go.trial_balance()[CLEARING] * 100 == 42346
    for order in shop.go.orders():
        shop.go.send_order(order["Id"])
    assert shop.go.trial_balance()[CLEARING] == 0


@pytest.mark.parametrize("answer", ["U2a", "U2b", "U2c", "U2d"])
def test_every_fourth_answer_of_any_kind_is_lost_and_every_day_is_settled_once(
    answer: str, open_shop: OpenShop
) -> None:
    """Lists, accounts, vouchers and tokens alike: what cannot be looked up is not posted again."""
    shop = open_settling(open_shop, answer)
    days = close_days(shop)
    shop.go.fault("drop-after", path="/v2/", every=4, times=20)
    shop.go.fault("drop-after", path="/OAuth/Token", every=3)

    shop.until_quiet()
    all_are_settled_once(shop, days)


# -- drafts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        *((FIRST, fault) for fault in FAULTS),
        *(("U4b", fault) for fault in (*LOST, "503")),
        ("U9b", "none"),
        ("U6c", "cut"),
    ],
)
def test_whatever_is_answered_and_lost_every_draft_is_left_once_or_a_person_is_told(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    """Then posted by a person, they are the days; those that a person was asked about are made by hand."""
    shop = open_settling(open_shop, *answer.split("-"), as_draft=True, read_lag_seconds=6)
    days = close_days(shop)
    set_fault(shop, fault, LEAVE)

    shop.until_quiet()
    held = [record for record in shop.records() if record.status is Status.NEEDS_ATTENTION]
    assert {record.reason for record in held} <= {Reason.DRAFT_UNCERTAIN}
    assert bool(held) is (fault in NEVER_AGAIN)
    assert {*drafts_of(shop).values()} == {1}
    assert len(shop.go.drafts()) == len(days) - len(held)
    shop.go.clear_faults()
    for record in held:
        shop.app.office().retry(record)
    shop.until_quiet()

    shop.later()
    for draft in shop.go.drafts():
        shop.go.post_draft(draft["Id"])
    assert none_is_settled_twice(shop, days) == set()
    stand_settled_once(shop.go, *days)
    shop.later(timedelta(days=1))
    assert shop.app.follow() == []
    all_are_settled_once(shop, days)
    assert shop.requests().count(("POST", f"/v2{POST}")) == 0
