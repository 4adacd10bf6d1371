"""The trial draft: whatever happens on the way, it is gone in the end, and no other document is touched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.poweroffice.client import PowerOfficeClient
from tests.acceptance.check.bench import Bench, products

PATHS = {"POST": "/SalesOrders/Complete", "DELETE": "/SalesOrders/"}


def _fails(bench: Bench, method: str, kind: str, times: int | None = None) -> None:
    """Let the making of a draft, or its deletion, go wrong."""
    bench.go.fault(kind, method=method, path=PATHS[method], times=times)


def _made(bench: Bench) -> list[str]:
    """The references of all trial drafts that were ever posted."""
    bodies = [entry["body"] for entry in bench.go.requests if entry["path"] == "/v2/SalesOrders/Complete"]
    references = [body["ExternalImportReference"] for body in bodies if isinstance(body, dict)]
    return [reference for reference in references if "-check-" in reference]


def test_prices_are_measured_and_the_draft_says_what_it_is(bench: Bench) -> None:
    assert bench.faults() == set()

    posted = next(e["body"] for e in bench.go.requests if e["path"] == "/v2/SalesOrders/Complete")
    assert isinstance(posted, dict)
    assert posted["SalesOrderStatus"] == "Draft"
    assert [line["LineType"] for line in posted["SalesOrderLines"]] == ["Normal", "Text"]
    assert "posplugin check" in posted["SalesOrderLines"][1]["Description"]
    assert posted["ExternalImportReference"].startswith(f"pp-{bench.app.outbox.installation}-check-")
    assert len(posted["ExternalImportReference"]) <= 50
    assert bench.go.orders() == []


def test_each_check_has_a_reference_of_its_own(bench: Bench) -> None:
    """A reference may stay taken when its draft has been deleted (U3b)."""
    bench.go.switch("U3", "b")

    assert [bench.faults(), bench.faults()] == [set(), set()]
    assert len(set(_made(bench))) == 2


@pytest.mark.parametrize("kind", ["drop-after", "cut", "500-after"])
def test_a_draft_whose_answer_was_lost_is_looked_up_and_deleted_at_once(bench: Bench, kind: str) -> None:
    _fails(bench, "POST", kind, times=1)

    assert bench.faults() == {Fault.NOT_REACHED}
    assert (len(_made(bench)), bench.trial_drafts()) == (1, [])
    assert bench.faults() == set()


def test_a_draft_that_shows_up_later_is_deleted_by_the_next_check(bench: Bench) -> None:
    """Lists lag behind writes (U4b): until then nobody knows, and nothing is posted again."""
    bench.go.switch("U4", "b")
    _fails(bench, "POST", "drop-after", times=1)
    assert bench.faults() == {Fault.NOT_REACHED}
    assert bench.faults() == {Fault.DRAFT_UNCERTAIN}
    assert len(_made(bench)) == len(bench.trial_drafts()) == 1

    bench.later()

    assert bench.faults() == set()
    assert bench.trial_drafts() == []


def test_a_draft_that_never_came_to_be_is_forgotten_after_settle_time(bench: Bench) -> None:
    _fails(bench, "POST", "drop-before", times=1)
    assert bench.faults() == {Fault.NOT_REACHED}
    assert bench.faults() == {Fault.DRAFT_UNCERTAIN}

    bench.later()

    assert bench.faults() == set()


@pytest.mark.parametrize("kind", ["500-before", "503", "drop-before", "401", "404"])
def test_a_draft_that_cannot_be_deleted_is_named_and_deleted_by_the_next_check(bench: Bench, kind: str) -> None:
    _fails(bench, "DELETE", kind)
    [left] = [finding for finding in bench.check() if finding.fault]
    [draft] = bench.trial_drafts()
    assert (left.fault, left.facts["order"]) == (Fault.DRAFT_LEFT, draft["SalesOrderNo"])

    bench.go.clear_faults()

    assert bench.faults() == set()
    assert bench.trial_drafts() == []


@pytest.mark.parametrize("kind", ["500-after", "drop-after", "cut"])
def test_a_deletion_whose_answer_was_lost_is_asked_for_once_more(bench: Bench, kind: str) -> None:
    """It is not there any more: that is what was wanted."""
    _fails(bench, "DELETE", kind, times=1)

    assert bench.faults() == set()
    assert bench.trial_drafts() == []


def test_a_check_that_is_killed_leaves_a_draft_that_the_next_deletes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PowerOfficeClient, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            bench.check()
    assert len(bench.trial_drafts()) == 1
    assert not bench.gate_is_open()

    bench.later(timedelta(days=1))
    bench.app.sync_customers()

    assert bench.faults() == set()
    assert bench.trial_drafts() == []


def test_the_drafts_of_sales_are_left_alone(bench: Bench) -> None:
    bench.send()
    before = bench.invoiced()
    _fails(bench, "POST", "drop-after", times=1)
    bench.faults()
    bench.faults()

    assert len(before) == 1
    assert bench.invoiced() == before


def test_without_a_draft_an_earlier_measurement_must_do(bench: Bench) -> None:
    """--no-draft posts nothing, and passes for the settings that have been measured."""
    assert bench.faults(draft=False) == {Fault.PRICES_NOT_MEASURED}
    assert _made(bench) == []
    assert bench.faults() == set()
    assert bench.faults(draft=False) == set()
    assert len(_made(bench)) == 1

    bench.change(products=products(vat_12=None))

    assert bench.faults(draft=False) == {Fault.PRICES_NOT_MEASURED}
    assert not bench.gate_is_open()


def _prices(bench: Bench) -> Sequence[object]:
    return [finding for finding in bench.check() if finding.look is Look.PRICES]


def test_where_no_line_carries_vat_nothing_is_measured(bench: Bench) -> None:
    """The settlement reports VAT, and there is no fee."""
    bench.change(vat_reported_by="settlement", products=products(settlement=True))
    assert (_prices(bench), _made(bench)) == ([], [])
    assert bench.gate_is_open()

    bench.change(invoicing='invoice_fee = true\ninvoice_fee_amount = "39.00"')

    assert (len(_prices(bench)), len(_made(bench))) == (1, 1)


def test_a_fee_is_right_to_the_ore_where_the_settlement_reports_vat_and_prices_are_with_it(bench: Bench) -> None:
    """The fee alone carries VAT then, so the measurement is of the fee."""
    fee = 'invoice_fee = true\ninvoice_fee_amount = "39.00"\n'
    bench.go.switch("U7", "b")
    bench.change(vat_reported_by="settlement", products=products(settlement=True), invoicing=fee)
    assert bench.faults() == {Fault.PRICES_WITH_VAT}

    bench.change(invoicing=fee + "send_amount_excluding_vat = false")
    assert bench.faults() == set()
    bench.sell("2", at=bench.clock() + timedelta(days=1))
    bench.due()

    totals = {order["ImportedOrderNo"]: order["TotalAmount"] for order in bench.invoiced()}
    assert totals[2] == 139


def test_prices_with_vat_are_right_where_the_settings_say_so(bench: Bench) -> None:
    bench.go.switch("U7", "b")
    bench.change(invoicing="send_amount_excluding_vat = false")

    assert bench.faults() == set()
