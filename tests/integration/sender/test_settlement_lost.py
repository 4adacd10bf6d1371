"""Lost answers, crashes, old backups, duplicates: a settlement stands in the books once, or a person is told."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from posplugin.accounting_system import AccountingError, Stage, Verdict
from posplugin.domain.errors import AlreadySending
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.poweroffice.journals import PowerOfficeJournals
from posplugin.simulator import CLIENT_KEY
from tests.integration.sender.settled import in_the_books, settled, stand_settled_once
from tests.integration.sender.shop import OpenShop, Shop, settling

POST = "/Vouchers/CashJournals"
LOST = ["drop-after", "cut", "500-after", "drop-before", "500-before", "503", "429", "401"]


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops)


def _put_back(shop: Shop, backup: Path) -> None:
    """Put an old copy of the outbox in the place of the present one."""
    shop.app.close()
    outbox = shop.app.database.path
    for name in (outbox, *(outbox.with_name(outbox.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
    shutil.copy(backup, outbox)
    shop.app = shop.open()


def _backup(shop: Shop, tmp_path: Path) -> Path:
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    return backup


def _whys(shop: Shop, receipt: str) -> Iterable[str | None]:
    return [event.why for event in shop.app.outbox.events(shop.record(receipt))]


# -- lost answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", LOST)
def test_whatever_becomes_of_the_answer_each_stands_there_once(shop: Shop, fault: str) -> None:
    """Before PowerOffice has acted, or after."""
    days = [shop.close_day(number, {25: 1000 * number}) for number in (1, 2, 3)]
    shop.go.fault(fault, path=POST, every=2)

    shop.until_quiet()

    stand_settled_once(shop.go, *days)
    assert shop.statuses() == {Status.DELIVERED}
    if fault in ("drop-after", "cut", "500-after"):
        assert shop.journal_posts() == 3


@pytest.mark.parametrize("answer", ["a", "b", "c"])
def test_u12_a_failure_in_any_words_is_looked_up(shop: Shop, answer: str) -> None:
    shop.go.switch("U12", answer)
    z = shop.close_day(1)
    shop.go.fault("500-after", path=POST, times=1)
    shop.send()

    assert (shop.record("Z 1").status, shop.journal_posts()) == (Status.DELIVERED, 1)
    stand_settled_once(shop.go, z)


def test_what_is_not_there_is_posted_again_only_after_settle_time_and_two_looks(shop: Shop) -> None:
    z = shop.close_day(1)
    shop.go.fault("drop-before", path=POST, times=1)
    shop.send()
    shop.send()
    assert (shop.record("Z 1").status, shop.journal_posts()) == (Status.UNCERTAIN, 1)

    shop.later()
    shop.send()
    assert (shop.record("Z 1").status, shop.journal_posts()) == (Status.DELIVERED, 2)
    stand_settled_once(shop.go, z)


def test_u4_b_reads_that_lag_make_nothing_twice(shop: Shop) -> None:
    shop.go.switch("U4", "b")
    z = shop.close_day(1)
    shop.go.fault("drop-after", path=POST, times=1)
    for _ in range(4):
        shop.send()
    assert shop.record("Z 1").status is Status.UNCERTAIN

    shop.until_quiet()
    stand_settled_once(shop.go, z)
    assert shop.journal_posts() == 1


def test_one_that_fails_for_ever_while_others_get_through_needs_a_person(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is lost each time, whatever else is posted."""
    bad, post = shop.close_day(1), PowerOfficeJournals.post

    def lost(self: PowerOfficeJournals, journal: object, reference: str, **more: bool) -> object:
        if reference == shop.record("Z 1").reference:
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, "500", status=500)
        return post(self, journal, reference, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(PowerOfficeJournals, "post", lost)
    for number in range(2, 12):
        shop.close_day(number, {25: 100})
        shop.send()
        shop.later()
        if shop.record("Z 1").reason:
            break

    assert shop.record("Z 1").reason is Reason.ATTEMPTS_EXHAUSTED
    assert bad.name not in settled(shop.go)
    monkeypatch.undo()
    shop.app.office().retry(shop.record("Z 1"))
    shop.until_quiet()
    assert settled(shop.go)["Z 1"] == [in_the_books(bad)]


# -- crashes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_sender_that_dies_with_it_in_hand_posts_nothing_twice(
    shop: Shop, dies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the POST and the writing down, or just before the POST."""
    z, post = shop.close_day(1), PowerOfficeJournals.post

    def killed(self: PowerOfficeJournals, *told: object, **more: bool) -> object:
        if dies == "after":
            post(self, *told, **more)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PowerOfficeJournals, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.send()
    shop.reopen()
    assert shop.record("Z 1").status is Status.SENDING

    shop.until_quiet()

    stand_settled_once(shop.go, z)
    assert "the sender died with it in hand" in _whys(shop, "Z 1")
    assert shop.journal_posts() == 1


def test_two_senders_at_once_post_once(shop: Shop) -> None:
    days = [shop.close_day(number, {25: 100 * number}) for number in range(1, 6)]
    ready, outcomes = threading.Barrier(4), []

    def send() -> None:
        with shop.open() as app:
            ready.wait()
            try:
                app.send("hand")
            except AlreadySending as error:
                outcomes.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shop.until_quiet()

    stand_settled_once(shop.go, *days)
    assert shop.journal_posts() == 5


# -- duplicates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["a", "b", "c"])
def test_u2_a_duplicate_answer_is_looked_up_and_compared(shop: Shop, answer: str, tmp_path: Path) -> None:
    """An old outbox that cannot see what it posted: PowerOffice says so, and once it can be read it is compared."""
    z, backup = shop.close_day(1), _backup(shop, tmp_path)
    shop.go.switch("U2", answer)
    shop.send()
    _put_back(shop, backup)
    shop.go.switch("U4", "b")
    shop.go._office.read_lag_seconds = 600

    shop.send()
    assert (shop.record("Z 1").status, shop.record("Z 1").reason) == (Status.UNCERTAIN, Reason.REFERENCE_IN_USE)
    shop.later(timedelta(minutes=20))
    shop.send()

    assert shop.record("Z 1").status is Status.DELIVERED
    stand_settled_once(shop.go, z)


@pytest.mark.parametrize("answer", ["a", "b", "c"])
def test_u2_a_reference_in_use_by_what_cannot_be_found_is_blocked_and_the_next_is_taken_by_hand(
    shop: Shop, answer: str
) -> None:
    """Somebody else's voucher of another kind has it."""
    shop.go.switch("U2", answer)
    z = shop.close_day(1)
    _occupy(shop)

    for _ in range(4):
        shop.send()
        shop.later()
    blocked = shop.record("Z 1")
    assert (blocked.status, blocked.reason) == (Status.NEEDS_ATTENTION, Reason.REFERENCE_BLOCKED)

    shop.app.office().retry(blocked)
    shop.send()
    record = shop.record("Z 1")
    assert (record.status, record.reference) == (Status.DELIVERED, blocked.reference[:-1] + "2")
    stand_settled_once(shop.go, z)


def _occupy(shop: Shop) -> None:
    """Let a manual journal that is none of ours bear the reference."""
    state, row = shop.go._office.state, {"ExternalImportReference": shop.record("Z 1").reference, "IsReversed": False}
    with state.change():
        state.put(CLIENT_KEY, "ManualJournal", "x", {**row, "Id": "x"})


@pytest.mark.parametrize("reversed_ones", [1, 2])
def test_u2_d_a_voucher_that_stands_there_twice_is_named_and_once_it_does_not_all_is_well(
    shop: Shop, reversed_ones: int
) -> None:
    """Lists lag longer than settle_time allows for, two answers are lost, and PowerOffice takes a reference again.

    Where both have been reversed, it is posted under the next reference.
    """
    shop.go.switch("U2", "d")
    shop.go.switch("U4", "b")
    shop.go._office.read_lag_seconds = 3600
    z = shop.close_day(1)
    shop.go.fault("drop-after", path=POST, times=2)
    shop.send()
    shop.later()
    shop.send()
    shop.later(timedelta(hours=2))
    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.REFERENCE_IN_USE)
    assert "vouchers 1, 2 carry the reference" in (record.detail or "")
    shop.send()
    assert len(shop.go.vouchers()) == 2

    for voucher in shop.go.vouchers()[:reversed_ones]:
        shop.go.reverse_voucher(voucher["Id"])
    shop.app.office().retry(record)
    shop.send()
    assert shop.record("Z 1").status is Status.DELIVERED
    stand_settled_once(shop.go, z)


# -- old backups -------------------------------------------------------------------------------------------------------


def test_an_old_backup_put_back_posts_nothing_twice(shop: Shop, tmp_path: Path) -> None:
    """What was posted is found, and compared with what would be posted now."""
    days = [shop.close_day(number, {25: 100 * number}) for number in (1, 2, 3)]
    backup = _backup(shop, tmp_path)
    shop.send()
    posts = shop.journal_posts()

    _put_back(shop, backup)
    assert shop.statuses() == {Status.PENDING}
    report = shop.send()

    assert (report.delivered, report.waiting, report.attention) == (3, 0, 0)
    assert shop.journal_posts() == posts
    stand_settled_once(shop.go, *days)


def test_an_old_backup_finds_the_next_generation_that_it_never_posted(shop: Shop, tmp_path: Path) -> None:
    z, backup = shop.close_day(1), _backup(shop, tmp_path)
    shop.send()
    shop.app.settlement_desk().reverse(shop.record("Z 1"), "to see", again=True)
    shop.send()
    reference = shop.record("Z 1").reference

    _put_back(shop, backup)
    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.reference, reference[-2:]) == (Status.DELIVERED, reference, "-2")
    stand_settled_once(shop.go, z)
    assert shop.journal_posts() == 2


def test_an_old_backup_does_not_post_anew_what_was_taken_back(shop: Shop, tmp_path: Path) -> None:
    """A person has reversed it since, and says whether it is to be posted again."""
    z, backup = shop.close_day(1), _backup(shop, tmp_path)
    shop.send()
    shop.app.settlement_desk().reverse(shop.record("Z 1"), "the wrong day")

    _put_back(shop, backup)
    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.GONE)
    stand_settled_once(shop.go)
    shop.app.office().retry(record)
    shop.send()
    stand_settled_once(shop.go, z)


def test_what_stands_there_with_other_amounts_is_never_taken_for_ours(shop: Shop, tmp_path: Path) -> None:
    """Of an old backup whose Z was sold by other tenders; nothing is posted beside it before it has been reversed."""
    backup = _backup(shop, tmp_path)
    shop.close_day(1)
    shop.send()
    _put_back(shop, backup)
    z = shop.close_day(1, {25: 20000}, paid={"cash": 20000})

    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.TOTALS_DIFFER)
    assert "voucher 1: account 1900 has 0,00 instead of 200,00" in (record.detail or "")
    assert shop.journal_posts() == 1

    shop.app.office().retry(record)
    shop.send()
    assert (shop.record("Z 1").reason, shop.journal_posts()) == (Reason.TOTALS_DIFFER, 1)
    shop.go.reverse_voucher(shop.go.vouchers()[0]["Id"])
    shop.app.office().retry(shop.record("Z 1"))
    shop.send()
    assert shop.record("Z 1").status is Status.DELIVERED
    stand_settled_once(shop.go, z)


def test_a_generation_that_shows_late_is_delivered_and_no_next_is_posted(shop: Shop) -> None:
    """Blocked, retried under the next reference, and then the first can be read after all."""
    z = shop.close_day(1)
    shop.go.switch("U4", "b")
    shop.go._office.read_lag_seconds = 3600
    shop.go.fault("drop-after", path=POST, times=1)
    for _ in range(5):
        shop.send()
        shop.later()
    assert shop.record("Z 1").reason is Reason.REFERENCE_BLOCKED
    shop.app.office().retry(shop.record("Z 1"))
    shop.later(timedelta(hours=2))

    shop.send()

    assert shop.record("Z 1").status is Status.DELIVERED
    assert shop.record("Z 1").accounting_number == 1
    stand_settled_once(shop.go, z)


def test_an_old_backup_finds_what_counts_on_a_day_to_come(shops: OpenShop, tmp_path: Path) -> None:
    """The first open day lies ahead, where the accountant has locked the month that we are in."""
    shop = settling(shops, 'period_locked = "first_open_day"')
    z, backup = shop.close_day(1), _backup(shop, tmp_path)
    shop.go.set_lock_date(z.business_date + timedelta(days=20))
    shop.send()
    _put_back(shop, backup)

    shop.send()

    stand_settled_once(shop.go, z)
    assert shop.journal_posts() == 1


def test_an_old_backup_finds_a_draft_that_was_left_before_settlements_were_posted(
    shops: OpenShop, tmp_path: Path
) -> None:
    """Drafts are looked for whatever the settings say now."""
    shop = settling(shops, 'posting = "draft"')
    shop.close_day(1)
    backup = _backup(shop, tmp_path)
    shop.send()
    _put_back(shop, backup)
    shop.write(settlement="attach_z_report = false")
    shop.reopen()

    shop.until_quiet()

    assert (shop.record("Z 1").accounting_state, shop.journal_posts()) == (Stage.DRAFT, 1)
