"""Every plausible answer to every unknown, times everything that can go wrong: once, or a person is told; never two."""

from __future__ import annotations

import pytest

from posplugin.simulator import SWITCHES
from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import (
    FAULTS,
    POST,
    Shop,
    a_person_sends_every_second_draft,
    all_stand_once,
)

#: Those whose play needs more than a switch and a fault have tests of their own beside this one.
PLAIN = ["U1", "U3", "U5", "U6", "U7", "U8", "U9", "U11", "U12", "U15", "U22"]
#: The first answers are played together: each is what the simulator gives when nothing is switched.
FIRST = "-".join(f"{unknown}a" for unknown in [*PLAIN, "U4"])
ANSWERS = [FIRST, *(f"{unknown}{answer}" for unknown in PLAIN for answer in SWITCHES[unknown] if answer != "a")]


def _with(answer: str) -> dict[str, str]:
    """Return the settings with which an answer is the right one."""
    return {"invoicing": "send_amount_excluding_vat = false"} if answer == "U7b" else {}


def _set(shop: Shop, fault: str) -> None:
    if fault != "none":
        shop.go.fault(fault, path=POST, method="POST", **FAULTS[fault])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_is_answered_and_lost_every_invoice_stands_once(answer: str, fault: str, open_shop: OpenShop) -> None:
    """Sent until quiet, and again after a person has sent half of the drafts: nothing is ever there twice."""
    shop = open_shop(*answer.split("-"), **_with(answer))
    shop.sell_evening()
    _set(shop, fault)

    shop.until_quiet()
    all_stand_once(shop)

    a_person_sends_every_second_draft(shop)
    books, posts = shop.books(), shop.posts()
    shop.until_quiet()
    assert (shop.books(), shop.posts()) == (books, posts)
    all_stand_once(shop)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("answer", ["U4b"])
def test_reads_that_lag_behind_writes_make_nothing_twice(answer: str, fault: str, open_shop: OpenShop) -> None:
    """In real time, with a lag shorter than settle_time: not found yet is not "not there"."""
    shop = open_shop(answer, read_lag_seconds=0.3, settle_time="1s")
    shop.sell_evening()
    _set(shop, fault)

    shop.send_in_real_time()
    all_stand_once(shop)
