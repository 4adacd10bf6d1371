"""Settlements left as drafts, which PowerOffice guards against nothing: found again, or a person decides."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.payment import Light
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.poweroffice.journals import PowerOfficeJournals
from posplugin.simulator import CLIENT_KEY
from tests.integration.sender.settled import Amounts, in_the_books, settled, stand_settled_once
from tests.integration.sender.shop import PAPERS, OpenShop, Shop, settling

POST = "/JournalEntryVouchers/ManualJournals"
DRAFTS = 'posting = "draft"'
COPY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops, DRAFTS)


def _left(shop: Shop) -> list[Amounts]:
    """Return the drafts that nobody has posted, øre by account, as their sides have them."""
    accounts = shop.go._office.state.rows(CLIENT_KEY, "account").values()
    numbers = {row["Id"]: int(row["AccountNo"]) for row in accounts}
    found = []
    for draft in shop.go.drafts():
        if not draft["IsPosted"]:
            amounts: Amounts = {}
            for line in draft["ManualVoucherLines"]:
                for side, sign in (("Debit", 1), ("Credit", -1)):
                    if line[f"{side}AccountId"] is not None:
                        number = numbers[line[f"{side}AccountId"]]
                        amounts[number] = amounts.get(number, 0) + sign * int(line["CurrencyAmount"] * 100)
            found.append(amounts)
    return found


def _delivered(shop: Shop) -> Record:
    shop.close_day(1)
    shop.send()
    record = shop.record("Z 1")
    assert (record.status, record.accounting_state) == (Status.DELIVERED, Stage.DRAFT)
    return record


def _followed(shop: Shop, nights: int = 2) -> Record:
    for _ in range(nights):
        shop.later(timedelta(days=1))
        assert shop.app.follow() == []
    return shop.record("Z 1")


def _lose_the_answer_and_the_look(shop: Shop) -> None:
    """The draft is made; whether it is nobody can tell in this run."""
    shop.go.fault("drop-after", path=POST, method="POST", times=1)
    shop.go.fault("503", path="/JournalEntryVouchers", method="GET", every=2, times=1)


def test_a_draft_is_left_and_nothing_is_posted(shop: Shop) -> None:
    z = shop.close_day(1, {25: 12345, 15: 678}, tips=100, gift_cards=5000)

    report = shop.send()

    assert (report.delivered, report.waiting, report.attention) == (1, 0, 0)
    assert (shop.go.postings(), _left(shop)) == ([], [in_the_books(z)])
    (draft,), record = shop.go.drafts(), shop.record("Z 1")
    assert draft["Description"] == f"Kasseoppgjør Z 1, bar-1 ({record.reference})"
    assert draft["VoucherDate"] == z.business_date.isoformat()
    assert (record.accounting_id, record.accounting_number, record.accounting_state) == (draft["Id"], None, Stage.DRAFT)
    shop.send()
    assert shop.journal_posts() == 1


@pytest.mark.parametrize("fault", ["drop-after", "cut", "500-after"])
def test_a_draft_whose_answer_was_lost_is_found_by_its_reference(shop: Shop, fault: str) -> None:
    """Among those that others made."""
    days = [shop.close_day(number, {25: 1000 * number}) for number in (1, 2, 3)]
    shop.go.fault(fault, path=POST, method="POST", every=2)

    shop.until_quiet()

    assert sorted(map(str, _left(shop))) == sorted(str(in_the_books(z)) for z in days)
    assert shop.journal_posts() == 3
    assert {record.accounting_state for record in shop.records()} == {Stage.DRAFT}


@pytest.mark.parametrize("fault", ["429", "401", "503-token"])
def test_a_draft_that_was_certainly_not_made_is_made_later(shop: Shop, fault: str) -> None:
    z = shop.close_day(1)
    kind, _, token = fault.partition("-")
    shop.go.fault(kind, path="/OAuth/Token" if token else POST, times=5 if fault == "429" else 2)

    shop.until_quiet()

    assert _left(shop) == [in_the_books(z)]


@pytest.mark.parametrize("fault", ["drop-before", "500-before", "503"])
def test_a_draft_that_is_not_found_is_never_made_again_by_itself(shop: Shop, fault: str) -> None:
    """A person looks, and lets it be made under the next reference."""
    z = shop.close_day(1)
    shop.go.fault(fault, path=POST, method="POST", times=1)
    for _ in range(5):
        shop.send()
        shop.later(timedelta(hours=1))
    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.DRAFT_UNCERTAIN)
    assert (shop.journal_posts(), _left(shop)) == (1, [])

    shop.app.office().retry(record)
    shop.send()
    assert shop.record("Z 1").reference == record.reference[:-1] + "2"
    assert _left(shop) == [in_the_books(z)]


def test_a_sender_that_dies_before_a_draft_leaves_it_to_a_person(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    shop.close_day(1)
    with monkeypatch.context() as patched:
        patched.setattr(PowerOfficeJournals, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.send()
    shop.reopen()
    shop.until_quiet()

    assert shop.record("Z 1").reason is Reason.DRAFT_UNCERTAIN
    assert shop.go.drafts() == []


def test_u4_b_a_draft_that_shows_late_is_found(shop: Shop) -> None:
    shop.go.switch("U4", "b")
    z = shop.close_day(1)
    shop.go.fault("drop-after", path=POST, method="POST", times=1)
    for _ in range(3):
        shop.send()
    assert shop.record("Z 1").status is Status.UNCERTAIN

    shop.until_quiet()
    assert (_left(shop), shop.journal_posts()) == ([in_the_books(z)], 1)


def test_a_draft_that_shows_after_a_person_was_asked_is_found_all_the_same(shops: OpenShop) -> None:
    """Let be made again, the first is there: no second is made, and the Z is put on the one that is."""
    shop = settling(shops, f"{DRAFTS}\n{PAPERS}")
    shop.go.switch("U4", "b")
    shop.go._office.read_lag_seconds = 3600
    z = shop.close_day(1)
    shop.go.fault("drop-after", path=POST, method="POST", times=1)
    for _ in range(4):
        shop.send()
        shop.later()
    assert shop.record("Z 1").reason is Reason.DRAFT_UNCERTAIN
    shop.app.office().retry(shop.record("Z 1"))
    shop.later(timedelta(hours=2))

    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.accounting_state, record.reason) == (Status.DELIVERED, Stage.DRAFT, None)
    assert (_left(shop), shop.journal_posts()) == ([in_the_books(z)], 1)
    assert [len(draft["Pages"]) for draft in shop.go.drafts()] == [1]


def test_two_drafts_of_one_reference_are_named(shop: Shop) -> None:
    """Somebody copied it while the answer was lost."""
    shop.close_day(1)
    _lose_the_answer_and_the_look(shop)
    shop.send()
    state = shop.go._office.state
    for kind in ("draft", "draft item"):
        (row,) = state.rows(CLIENT_KEY, kind).values()
        with state.change():
            state.put(CLIENT_KEY, kind, COPY, {**row, "Id": COPY})
    shop.later()
    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.REFERENCE_IN_USE)
    shop.go.delete_draft(COPY)
    shop.app.office().retry(record)
    shop.send()
    assert (shop.record("Z 1").status, shop.journal_posts()) == (Status.DELIVERED, 1)


@pytest.mark.parametrize("posted", [False, True])
def test_an_old_backup_finds_the_drafts_that_it_never_left(shop: Shop, posted: bool, tmp_path: Path) -> None:
    """Also one that a person has posted since."""
    z, backup = shop.close_day(1), tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    shop.send()
    if posted:
        shop.go.post_draft(shop.go.drafts()[0]["Id"])
    _put_back(shop, backup)

    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.accounting_state) == (Status.DELIVERED, Stage.POSTED if posted else Stage.DRAFT)
    assert shop.journal_posts() == 1
    assert _left(shop) == ([] if posted else [in_the_books(z)])
    if posted:
        assert _asked_at_night(shop) == ["/v2/AccountTransactions"]


def _put_back(shop: Shop, backup: Path) -> None:
    shop.app.close()
    outbox = shop.app.database.path
    for name in (outbox, *(outbox.with_name(outbox.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
    shutil.copy(backup, outbox)
    shop.app = shop.open()


# -- what a person does with them --------------------------------------------------------------------------------------


def _asked_at_night(shop: Shop) -> list[str]:
    """Return what is asked for in one night: of a draft that was posted, no number, which is never told."""
    before = len(shop.requests())
    _followed(shop, 1)
    return [path for _, path in shop.requests()[before:] if "Token" not in path]


def test_a_draft_that_nobody_touches_stays_one(shop: Shop) -> None:
    _delivered(shop)

    record = _followed(shop, 4)

    assert (record.accounting_state, record.reason, record.looks) == (Stage.DRAFT, None, 0)


def test_a_draft_that_a_person_posts_is_seen_to_be_posted_and_stays_so(shop: Shop) -> None:
    """Nights later too, though it is no draft any more, and no voucher of ours by its kind."""
    shop.go.post_draft(_delivered(shop).accounting_id or "")

    assert _followed(shop, 1).accounting_state is Stage.POSTED
    record = _followed(shop, 4)

    assert (record.status, record.accounting_state, record.reason) == (Status.DELIVERED, Stage.POSTED, None)
    assert settled(shop.go).keys() == {"Z 1"}
    assert _asked_at_night(shop) == ["/v2/AccountTransactions"]


@pytest.mark.parametrize(("days", "is_told"), [(13, False), (15, True)])
def test_the_lamp_tells_of_drafts_that_nobody_posts(shops: OpenShop, days: int, is_told: bool) -> None:
    """From 14 days after each was left, however old its Z; posted, all is well."""
    shop = settling(shops, DRAFTS, schedule='automatic = true\nwindow = "1m"')
    shop.app.office().check()
    shop.close_day(1, at=shop.clock() - timedelta(days=30))
    shop.send()
    assert shop.record("Z 1").accounting_state is Stage.DRAFT
    shop.later(timedelta(days=days))
    shop.app.sync_customers()
    shop.app.follow()

    lamp = shop.app.status()
    told = "Dagsoppgjør som har ligget som kladd i PowerOffice i over 14 dager: 1."
    assert (lamp.light, told in lamp.text) == ((Light.YELLOW, True) if is_told else (Light.GREEN, False))
    shop.go.post_draft(shop.record("Z 1").accounting_id or "")
    shop.app.follow()
    assert shop.app.status().light is Light.GREEN


def test_a_draft_that_a_person_deletes_is_gone_after_two_nights_and_made_again_by_hand(shop: Shop) -> None:
    first = _delivered(shop)
    shop.go.delete_draft(first.accounting_id or "")
    assert _followed(shop, 1).reason is None
    gone = _followed(shop, 1)
    assert (gone.status, gone.accounting_state, gone.reason) == (Status.DELIVERED, Stage.GONE, Reason.GONE)
    shop.send()
    assert shop.go.drafts() == []

    shop.app.office().retry(gone)
    shop.send()
    record = shop.record("Z 1")
    assert (record.status, record.accounting_state) == (Status.DELIVERED, Stage.DRAFT)
    assert record.reference == first.reference[:-1] + "2"
    assert len(_left(shop)) == 1


def test_reads_that_lag_make_no_draft_gone(shop: Shop) -> None:
    """Followed twice by hand within the lag of what was made a moment ago."""
    shop.go.switch("U4", "b")
    _delivered(shop)

    for _ in range(3):
        shop.app.follow()

    assert (shop.record("Z 1").accounting_state, shop.record("Z 1").reason) == (Stage.DRAFT, None)


# -- taken back --------------------------------------------------------------------------------------------------------


def test_a_draft_is_taken_back_by_deleting_it_and_made_anew(shop: Shop) -> None:
    first = _delivered(shop)

    second = shop.app.settlement_desk().reverse(first, "other accounts", again=True)

    assert (shop.go.drafts(), second.status, second.reference[-2:]) == ([], Status.PENDING, "-2")
    shop.send()
    assert (shop.record("Z 1").status, len(_left(shop))) == (Status.DELIVERED, 1)


def test_a_draft_that_is_gone_already_can_be_taken_back(shop: Shop) -> None:
    """After a crash between its deletion and the writing down, and nights in which it was not to be found."""
    record = _delivered(shop)
    shop.go.delete_draft(record.accounting_id or "")
    assert shop.app.settlement_desk().reverse(record, "x").status is Status.REVERSED

    shop.app.office().retry(shop.record("Z 1"))
    shop.send()
    again = shop.record("Z 1")
    shop.go.delete_draft(again.accounting_id or "")
    assert _followed(shop).reason is Reason.GONE
    assert shop.app.settlement_desk().reverse(shop.record("Z 1"), "y").status is Status.REVERSED


@pytest.mark.parametrize("is_seen", [False, True], ids=["not seen yet", "seen"])
def test_a_draft_that_a_person_has_posted_is_theirs_to_take_back(shop: Shop, is_seen: bool) -> None:
    """Neither deleted nor reversed: the refusal says where it can be."""
    shop.go.post_draft(_delivered(shop).accounting_id or "")
    record = _followed(shop) if is_seen else shop.record("Z 1")

    words = "somebody has posted it: reverse it in" if is_seen else "has posted by now or is approving: take it back in"
    with pytest.raises(IllegalTransition, match=f"Z 1 was left as a draft, .*{words} PowerOffice"):
        shop.app.settlement_desk().reverse(record, "x", again=True)
    assert shop.record("Z 1") == record
    assert len(settled(shop.go)) == 1
    assert not [path for _, path in shop.requests() if "/Vouchers/Reverse/" in path]


def test_what_was_left_as_a_draft_is_not_posted_when_the_settings_change(shop: Shop) -> None:
    """The answer is lost, and then settlements are to be posted at once."""
    shop.close_day(1)
    _lose_the_answer_and_the_look(shop)
    shop.send()
    shop.write(settlement="attach_z_report = false")
    shop.reopen()
    shop.later()

    shop.until_quiet()

    assert (shop.record("Z 1").accounting_state, shop.go.postings()) == (Stage.DRAFT, [])
    other = shop.close_day(2, {25: 100})
    shop.send()
    stand_settled_once(shop.go, other)
