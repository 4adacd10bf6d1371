"""The till's names for what was invoiced, held against ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from posplugin.bookkeeping.reconciliation import Reconciliation, reconcile
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.payment import PaymentRef
from tests.fixtures.sales import invoice, request, sale, tender
from tests.fixtures.zreports import group, took, z_report


def of(sale_id: str, amount: int = 100_00, tip: int = 0, **terms: Any) -> Invoice:
    return invoice(request(sale(amount, [tender(amount, tip=tip)], sale_id=sale_id, receipt=f"10{sale_id}")), **terms)


def ref(sale_id: str) -> PaymentRef:
    return PaymentRef("bar-1", sale_id, "invoice")


ONE, TWO, THREE = of("1"), of("2", 200_00), of("3", 50_00)
#: Reports its own VAT.
ONE_OF_ITS_OWN = of("own")


def names(invoices: Iterable[Invoice]) -> list[str]:
    return [each.ref.sale_id for each in invoices]


def held(
    *ours: Invoice,
    invoiced: tuple[str, ...] | None = (),
    discarded: tuple[str, ...] = (),
    elsewhere: tuple[str, ...] = (),
    settled: tuple[str, ...] = (),
    took_by_invoice: int | None = None,
) -> Reconciliation:
    """Hold a Z that names `invoiced` against our records."""
    names = None if invoiced is None else tuple(ref(name) for name in invoiced)
    whole = took_by_invoice is not None
    parts = (group(took_by_invoice, 0, 0), took("invoice", took_by_invoice)) if took_by_invoice is not None else ()
    z = z_report(*parts, invoiced=names, includes_invoiced=whole)
    mine = {each.ref: each for each in ours}
    told = {"discarded": discarded, "elsewhere": elsewhere, "settled": settled}
    return reconcile(z, mine, **{name: [*map(ref, names_)] for name, names_ in told.items()})


RECONCILED: dict[str, tuple[Reconciliation, Reconciliation]] = {
    "nothing on either side": (held(), Reconciliation()),
    "agrees": (held(ONE, TWO, invoiced=("1", "2")), Reconciliation(invoices=(ONE, TWO))),
    "in the order of the Z": (held(TWO, ONE, invoiced=("1", "2")), Reconciliation(invoices=(ONE, TWO))),
    "named twice in one Z": (held(ONE, invoiced=("1", "1")), Reconciliation(invoices=(ONE,))),
    "in the Z and not here": (
        held(ONE, invoiced=("1", "9")),
        Reconciliation(invoices=(ONE,), missing=(ref("9"),)),
    ),
    "here and in no Z": (held(ONE, TWO, invoiced=("2",)), Reconciliation(invoices=(TWO,), unlisted=(ONE,))),
    "named by another Z": (held(ONE, TWO, invoiced=("2",), elsewhere=("1",)), Reconciliation(invoices=(TWO,))),
    "named here and by another Z": (
        held(ONE, invoiced=("1",), elsewhere=("1",)),
        Reconciliation(invoices=(ONE,), twice=(ref("1"),)),
    ),
    "discarded": (
        held(ONE, TWO, invoiced=("1", "2"), discarded=("1",)),
        Reconciliation(invoices=(TWO,), discarded=(ONE,)),
    ),
    "discarded, and in no Z": (held(ONE, discarded=("1",)), Reconciliation()),
    "a host that cannot tell": (held(ONE, TWO, invoiced=None), Reconciliation(invoices=(ONE, TWO))),
    "a host that cannot tell, and another Z that can": (
        held(ONE, TWO, invoiced=None, elsewhere=("1",)),
        Reconciliation(invoices=(TWO,)),
    ),
    "a host that cannot tell, and one discarded": (
        held(ONE, TWO, invoiced=None, discarded=("1",)),
        Reconciliation(invoices=(TWO,), discarded=(ONE,)),
    ),
    "posted with another Z": (
        held(ONE, TWO, invoiced=("1", "2"), settled=("1",)),
        Reconciliation(invoices=(ONE, TWO), twice=(ref("1"),), settled=frozenset({ref("1")})),
    ),
    "posted with another Z, and not named here": (
        held(ONE, TWO, invoiced=("2",), settled=("1",)),
        Reconciliation(invoices=(TWO,), settled=frozenset({ref("1")})),
    ),
    "a host that cannot tell, and one posted with another Z": (
        held(ONE, TWO, invoiced=None, settled=("1",)),
        Reconciliation(invoices=(TWO,), settled=frozenset({ref("1")})),
    ),
    "totals agree": (
        held(ONE, TWO, invoiced=("1", "2"), took_by_invoice=300_00),
        Reconciliation(invoices=(ONE, TWO)),
    ),
    "totals with those discarded": (
        held(ONE, TWO, invoiced=("1", "2"), discarded=("2",), took_by_invoice=300_00),
        Reconciliation(invoices=(ONE,), discarded=(TWO,)),
    ),
    "totals differ": (
        held(ONE, TWO, invoiced=("1", "2"), took_by_invoice=299_99),
        Reconciliation(invoices=(ONE, TWO), totals=(299_99, 300_00)),
    ),
    "totals of a host that cannot tell": (
        held(ONE, invoiced=None, took_by_invoice=0),
        Reconciliation(invoices=(ONE,), totals=(0, 100_00)),
    ),
}


@pytest.mark.parametrize(("found", "expected"), RECONCILED.values(), ids=RECONCILED)
def test_a_z_and_our_records_are_held_against_each_other(found: Reconciliation, expected: Reconciliation) -> None:
    assert found == expected
    assert found.agrees == (not found.words())


def test_a_tip_is_within_what_was_invoiced_and_a_fee_is_not() -> None:
    """The till does not know of the fee, which only PowerOffice has."""
    tipped = of("1", 100_00, tip=15_00, fee=39_00)
    assert held(tipped, invoiced=("1",), took_by_invoice=115_00).agrees


def test_every_difference_is_told_by_name() -> None:
    found = held(
        ONE, TWO, THREE, of("4", -20_00), invoiced=("1", "8", "9"), elsewhere=("1", "2"), took_by_invoice=75_00
    )
    assert found.words() == (
        "in the Z, and not here: bar-1/8/invoice, bar-1/9/invoice; "
        "here, and in no Z: receipt 103 (bar-1/3/invoice, 50,00), receipt 104 (bar-1/4/invoice, −20,00); "
        "in the Z, and in another Z too: bar-1/1/invoice; "
        "the Z took 75,00 by invoice, and its invoices come to 100,00"
    )


def test_the_same_difference_is_told_in_the_same_words() -> None:
    """What a person has accepted is known again by them, and nothing else is."""
    one = held(ONE, TWO, invoiced=("9",))
    assert one.words() == held(ONE, TWO, invoiced=("9",)).words()
    assert one.words() != held(ONE, invoiced=("9",)).words()
    assert one.words() != held(ONE, TWO, invoiced=("8",)).words()
    assert one.words() != held(ONE, of("2", 201_00), invoiced=("9",)).words()


def by_settlement(sale_id: str) -> Invoice:
    return of(sale_id, vat_reported_by=VatReportedBy.SETTLEMENT)


def test_what_carries_no_vat_of_its_own_is_sold_by_its_z_alone() -> None:
    """Not what another Z has posted, nor what was let go; what is in no Z is, once a person has accepted that."""
    mine = [by_settlement(name) for name in ("1", "2", "3", "4", "5")]
    found = held(*mine, ONE_OF_ITS_OWN, invoiced=("1", "2", "4", "own"), settled=("2", "5"), discarded=("4",))
    assert names(found.cleared()) == ["1"]
    assert names(found.cleared(accepted=True)) == ["1", "3"]


def test_what_two_z_reports_name_is_sold_by_the_first_of_them() -> None:
    """Until one of them has posted it, either may."""
    one = by_settlement("1")
    assert names(held(one, invoiced=("1",), elsewhere=("1",)).cleared(accepted=True)) == ["1"]
    assert names(held(one, invoiced=("1",), elsewhere=("1",), settled=("1",)).cleared(accepted=True)) == []
