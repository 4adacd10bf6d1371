"""What `check` tells of customers whom the till will refuse: counted, the first named, and nothing wrong."""

from __future__ import annotations

from posplugin.domain.customer import Customer, CustomerTerms, InvoiceDelivery
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.settings.clients import go_clients
from posplugin.simulator import SECOND_CLIENT_KEY
from tests.acceptance.check.bench import Bench, products

COMPANY, MUNICIPALITY = "10001 Fjellheim Entreprenør AS", "10004 Solvik kommune"


def _told(bench: Bench) -> dict[Look, tuple[object, object]]:
    """Return count and the first names of each kind that is told of."""
    findings = bench.check()
    assert all(finding.ok for finding in findings)
    kinds = (Look.VAT_FREE_CUSTOMERS, Look.EHF_CUSTOMERS, Look.REFERENCE_CUSTOMERS)
    return {f.look: (f.facts["count"], f.facts["first"]) for f in findings if f.look in kinds}


def test_who_gets_ehf_must_give_a_reference_or_is_refused_by_the_mode(bench: Bench) -> None:
    vat_free = {Look.VAT_FREE_CUSTOMERS: (1, ("10007 Den Lille Ambassade",))}
    ehf = (2, (COMPANY, MUNICIPALITY))
    assert _told(bench) == vat_free | {Look.REFERENCE_CUSTOMERS: ehf}

    bench.change(vat_reported_by="settlement", products=products(settlement=True))
    assert _told(bench) == vat_free | {Look.EHF_CUSTOMERS: ehf}

    bench.change(invoicing="allow_vat_in_text = true")
    assert _told(bench) == vat_free | {Look.REFERENCE_CUSTOMERS: ehf}

    bench.change(invoicing='allow_vat_in_text = true\nrequire_reference = "never"')
    assert _told(bench) == vat_free


def test_a_customer_with_a_reference_of_its_own_need_not_give_one(bench: Bench) -> None:
    bench.app.customers.accounts.set_terms(10001, CustomerTerms(your_reference="Kari Vik"), "test")

    assert _told(bench)[Look.REFERENCE_CUSTOMERS] == (1, (MUNICIPALITY,))


def test_the_first_three_are_named(bench: Bench) -> None:
    many = [
        Customer(number=30000 + number, name=f"Kunde {number}", delivery=InvoiceDelivery.EHF) for number in range(9)
    ]
    bench.app.customers.of(go_clients(bench.app.settings)[0]).store(many, bench.clock())

    bench.app.customers.accounts.set_terms(10001, CustomerTerms(order_number="PO-1"), "test")
    count, first = _told(bench)[Look.REFERENCE_CUSTOMERS]

    assert (count, first) == (10, (MUNICIPALITY, "30000 Kunde 0", "30001 Kunde 1", "…"))


def test_archived_customers_are_not_told_of(bench: Bench) -> None:
    for number in (10001, 10004, 10007):
        bench.go.archive_customer(number)
    bench.app.sync_customers()

    assert _told(bench) == {}


def test_customers_read_with_other_keys_must_be_read_anew_once_the_keys_are_right(bench: Bench) -> None:
    """With a wrong key nobody could read them: the key alone is told."""
    assert bench.faults() == set()
    bench.change(client_key="no-such-client")
    assert bench.faults() == {Fault.KEYS_REFUSED}

    bench.change(client_key=SECOND_CLIENT_KEY)
    assert Fault.CUSTOMERS_NEVER_READ in bench.faults()

    bench.go.fault("503", path="/ClientIntegrationInformation")
    assert bench.faults() == {Fault.NOT_REACHED}


def test_customers_never_read_at_all_are_told_of_whatever_the_connection(bench: Bench) -> None:
    bench.app.database.execute("DELETE FROM customers")
    bench.change(client_key="no-such-client")

    assert bench.faults() == {Fault.KEYS_REFUSED, Fault.CUSTOMERS_NEVER_READ}
