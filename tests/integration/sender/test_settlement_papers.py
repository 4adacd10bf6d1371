"""The Z's paper on its voucher: put there once, tried again alone, and a person's matter when it cannot be."""

from __future__ import annotations

import pytest

from posplugin.domain.documents import RecordKind
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.sender.selection import Selection
from posplugin.simulator import CLIENT_KEY
from tests.integration.sender.settled import stand_settled_once
from tests.integration.sender.shop import PAPERS, OpenShop, Shop, settling

DOCUMENTS = "/VoucherDocumentation"


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops, PAPERS)


def _documented(shop: Shop) -> dict[str, str]:
    """Return the name of the file on each voucher."""
    rows = shop.go._office.state.rows(CLIENT_KEY, "documentation")
    return {key: str(row["FileName"]) for key, row in rows.items()}


def test_the_zs_paper_is_put_on_the_voucher_once(shop: Shop) -> None:
    shop.close_day(1)

    report = shop.send()
    shop.send()

    assert (report.unfinished, shop.documents()) == (0, ["204"])
    assert _documented(shop) == {shop.record("Z 1").accounting_id: "Z-1.pdf"}


def test_u4_b_a_voucher_that_does_not_show_yet_gets_it_later(shop: Shop) -> None:
    shop.go.switch("U4", "b")
    shop.close_day(1)

    report = shop.send()
    assert (report.unfinished, shop.documents(), shop.record("Z 1").reason) == (1, ["404"], None)
    shop.later()
    shop.send()
    assert shop.documents() == ["404", "204"]


@pytest.mark.parametrize("fault", ["drop-after", "500-after", "cut", "drop-before", "503", "429"])
def test_a_lost_answer_to_it_is_asked_again(shop: Shop, fault: str) -> None:
    z = shop.close_day(1)
    shop.go.fault(fault, path=DOCUMENTS, times=6 if fault == "429" else 1)

    shop.until_quiet()
    shop.send()

    assert len(_documented(shop)) == 1
    assert shop.record("Z 1").reason is None
    stand_settled_once(shop.go, z)


@pytest.mark.parametrize("fault", ["drop-after", "500-after", "drop-before"])
def test_on_a_draft_it_is_one_page_whatever_becomes_of_the_answer(shops: OpenShop, fault: str) -> None:
    shop = settling(shops, f'posting = "draft"\n{PAPERS}')
    shop.close_day(1)
    shop.go.fault(fault, path="/VoucherPages", times=1)

    for _ in range(3):
        shop.send()
        shop.later()

    assert [len(draft["Pages"]) for draft in shop.go.drafts()] == [1]


@pytest.mark.parametrize("how", ["no PDF", "no paper"])
def test_what_cannot_be_put_there_needs_a_person_and_is_tried_again_by_hand(
    shop: Shop, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by PowerOffice, or not to be made; the voucher stands there all the same."""

    def wrong(*_: object) -> bytes:
        if how == "no paper":
            raise OSError("no font")
        return b"GIF89a"

    z = shop.close_day(1)
    with monkeypatch.context() as patched:
        patched.setattr("posplugin.terms._z_paper", wrong)
        report = shop.send()
        failed = shop.record("Z 1")
        assert (failed.status, failed.reason) == (Status.DELIVERED, Reason.ATTACHMENT_FAILED)
        assert ("must be a PDF" if how == "no PDF" else "no font") in (failed.detail or "")
        assert (report.delivered, report.attention, report.unfinished) == (1, 1, 0)
        shop.send()
        assert len(shop.documents()) == (1 if how == "no PDF" else 0)

    shop.app.office().retry(failed)
    shop.send()
    assert (shop.record("Z 1").reason, len(_documented(shop))) == (None, 1)
    stand_settled_once(shop.go, z)


def test_a_person_can_let_it_go(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.close_day(1)
    with monkeypatch.context() as patched:
        patched.setattr("posplugin.terms._z_paper", lambda *_: b"GIF89a")
        shop.send()

    shop.app.office().discard(shop.record("Z 1"), "it lies in the binder")
    shop.send()

    record = shop.record("Z 1")
    assert (record.status, record.reason, _documented(shop)) == (Status.DELIVERED, None, {})


def test_without_the_privilege_for_it_settlements_are_posted_all_the_same(shop: Shop) -> None:
    """And get it when the privilege is there."""
    shop.go.set_privilege("VoucherDocumentation_Full", False)
    days = [shop.close_day(number, {25: 100 * number}) for number in (1, 2)]

    report = shop.send()
    assert (report.delivered, len(report.stopped), report.unfinished) == (2, 1, 2)
    stand_settled_once(shop.go, *days)
    shop.go.set_privilege("VoucherDocumentation_Full", True)
    shop.go.revoke_tokens()
    shop.send()
    assert len(_documented(shop)) == 2


def test_what_was_found_gets_it_too_and_what_is_posted_anew_gets_its_own(shop: Shop) -> None:
    shop.close_day(1)
    shop.go.fault("drop-after", path="CashJournals", times=1)
    shop.until_quiet()
    shop.send()
    shop.app.settlement_desk().reverse(shop.record("Z 1"), "x", again=True)
    shop.send()

    assert _documented(shop) == {voucher["Id"]: "Z-1.pdf" for voucher in shop.go.vouchers()}


def test_switched_off_meanwhile_it_is_left(shop: Shop) -> None:
    shop.go.fault("503", path=DOCUMENTS, times=1)
    shop.close_day(1)
    shop.send()
    shop.write(settlement="attach_z_report = false")
    shop.reopen()

    assert shop.send().unfinished == 0
    assert _documented(shop) == {}


def test_a_run_of_invoices_alone_puts_no_paper_on_settlements(shop: Shop) -> None:
    shop.go.fault("503", path=DOCUMENTS, times=1)
    shop.close_day(1)
    shop.send()
    assert shop.documents() == ["503"]

    shop.send(selection=Selection(kinds=frozenset({RecordKind.INVOICE})))
    assert shop.documents() == ["503"]
    shop.send()
    assert shop.documents() == ["503", "204"]
