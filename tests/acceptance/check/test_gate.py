"""Automatic sending: off until `check` has passed for the present settings, and off again when they are wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posplugin.domain.errors import ConfigError
from posplugin.domain.fault import PROVES_NOTHING, WRONG_VAT, Fault
from posplugin.domain.look import Look
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from tests.acceptance.check.bench import Bench, products
from tests.acceptance.check.faults import CAUSES, ledger


def test_what_is_found_wrong_later_closes_the_gate_and_mended_it_opens_again(bench: Bench) -> None:
    assert bench.faults() == set()
    assert bench.gate_is_open()

    bench.go.archive_product("32")
    assert bench.faults() == {Fault.PRODUCT_ARCHIVED}
    assert not bench.gate_is_open()
    bench.due()
    assert bench.waiting() == 1

    bench.go.change("product", "Code", "32", IsArchived=False)
    assert bench.faults() == set()
    bench.due()
    assert (bench.waiting(), len(bench.invoiced())) == (0, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"products": products(vat_12=None)},
        {"invoicing": "attach_receipt = true"},
        {"vat_reported_by": "settlement"},
        {"department_code": 'department_code = "10"'},
        {"client_key": "another-key"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_change_of_settings_closes_it(bench: Bench, changed: dict[str, str]) -> None:
    assert bench.faults() == set()

    bench.change(**changed)
    bench.due()

    assert not bench.gate_is_open()
    assert (bench.waiting(), bench.invoiced()) == (1, [])


def test_a_change_of_the_schedule_leaves_it_open(bench: Bench) -> None:
    assert bench.faults() == set()

    bench.change(schedule='window = "2m"')

    assert bench.gate_is_open()


@pytest.mark.parametrize("kind", ["503", "500-before", "429", "drop-before"])
@pytest.mark.parametrize(
    "path", ["/OAuth/Token", "/ClientIntegrationInformation", "/Products", "/SalesOrders/Complete"]
)
def test_an_outage_proves_nothing_for_or_against(bench: Bench, kind: str, path: str) -> None:
    bench.go.fault(kind, path=path)
    assert bench.faults() == {Fault.NOT_REACHED}
    assert not bench.gate_is_open()

    bench.go.clear_faults()
    bench.later()
    assert bench.faults() == set()
    bench.go.fault(kind, path=path)

    assert bench.faults() == {Fault.NOT_REACHED}
    assert bench.gate_is_open()


def test_an_outage_beside_a_fault_closes_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bench.faults() == set()
    CAUSES[Fault.NO_PDF_LIBRARY](bench, monkeypatch)
    bench.go.fault("503", path="/Products")

    assert bench.faults() == {Fault.NOT_REACHED, Fault.NO_PDF_LIBRARY}
    assert not bench.gate_is_open()


def test_records_held_for_the_set_up_go_on_when_it_is_mended(bench: Bench) -> None:
    bench.sell("2", {12: 11200})
    bench.go.archive_product("32")
    bench.send()
    assert bench.record("2").reason is Reason.PRODUCT_ARCHIVED
    assert bench.faults() == {Fault.PRODUCT_ARCHIVED}
    assert bench.record("2").status is Status.NEEDS_ATTENTION

    bench.go.change("product", "Code", "32", IsArchived=False)
    findings = bench.check()

    assert [finding.facts["count"] for finding in findings if finding.look is Look.RECORDS] == [1]
    bench.due()
    assert bench.standing() == {"1": "delivered", "2": "delivered"}


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault in WRONG_VAT])
def test_wrong_vat_is_refused_by_hand_as_well(bench: Bench, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    CAUSES[fault](bench, monkeypatch)

    with pytest.raises(ConfigError, match="nothing is sent: produkt departments"):
        bench.send()

    assert (bench.waiting(), bench.invoiced()) == (1, [])


#: With these settings every privilege is asked for.
ALL = {
    "department_code": 'department_code = "10"',
    "more": ledger(),
    "invoicing": 'lines = "per_item"\ncreate_missing_products = true\ninclude_employee_number = true\n'
    "attach_receipt = true\ninvoice_fee = true",
}
PRIVILEGES = [
    *("SalesOrders_Full", "OutgoingInvoice_Full", "Customer_Full", "Product_Full", "GeneralLedgerAccount_Full"),
    *("CommonServices_Full", "Department_Full", "SalesOrderAttachment_Full", "Employee_Full", "CashVoucher_Full"),
]


@pytest.mark.parametrize("privilege", PRIVILEGES)
def test_each_privilege_that_is_missing_is_named_alone(bench: Bench, privilege: str) -> None:
    """What it would have read is left out, the rest is looked at, and no draft is tried."""
    bench.change(**ALL)
    bench.config.write_text(bench.config.read_text().replace("[settlement]\nenabled = false", "[settlement]"))
    assert bench.faults() == set()
    bench.go.set_privilege(privilege, False)

    wrong = [finding for finding in bench.check() if finding.fault]

    assert {finding.fault for finding in wrong} == {Fault.PRIVILEGE_MISSING}
    named = {str(finding.facts["privilege"]).removesuffix("_Full") for finding in wrong}
    assert named == {privilege.removesuffix("_Full")}
    assert (bench.gate_is_open(), bench.trial_drafts()) == (False, [])


def test_what_could_not_be_asked_is_no_fault_of_the_set_up() -> None:
    assert {Fault.NOT_REACHED, Fault.DRAFT_UNCERTAIN} == PROVES_NOTHING


def test_the_gate_stays_open_while_a_trial_draft_is_uncertain(bench: Bench) -> None:
    assert bench.faults() == set()
    bench.go.fault("drop-before", method="POST", path="/SalesOrders/Complete", times=1)
    assert bench.faults() == {Fault.NOT_REACHED}

    assert bench.faults() == {Fault.DRAFT_UNCERTAIN}
    assert bench.gate_is_open()


def test_the_first_day_may_be_locked_once_something_has_been_delivered(bench: Bench) -> None:
    """The accountant locks months as they are closed; only what will be posted matters."""
    since = bench.go.today - timedelta(days=40)
    bench.change(invoicing=f"enabled_since = {since}")
    bench.go.set_lock_date(bench.go.today - timedelta(days=10))
    assert bench.faults() == {Fault.PERIOD_LOCKED}

    bench.go.set_lock_date(since - timedelta(days=1))
    assert bench.faults() == set()
    bench.due()
    bench.go.set_lock_date(bench.go.today - timedelta(days=10))

    assert bench.faults() == set()
