"""A sale may name a department with keys of its own: another client of PowerOffice, with customers of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from posplugin.app import App
from posplugin.domain.errors import UsageError
from posplugin.domain.payment import (
    Authorization,
    CustomerSearch,
    Light,
    Outcome,
    PaymentRequest,
    PaymentVoid,
    Refusal,
    RefusalCode,
    Terminal,
)
from posplugin.hooks import PosHost
from posplugin.hooks.plugin import create
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.settings.clients import client_of
from tests.fixtures.clocks import Watch
from tests.fixtures.customers import ARCHIVED, COMPANY, PERSON
from tests.fixtures.sales import request, sale

OpenApp = Callable[..., App]
ROOF = {"client_key": "another-client", "products": {"vat_25": "30"}}
THEIRS = replace(COMPANY, name="Takterrassens Gjest AS")


@pytest.fixture
def app(open_app: OpenApp) -> App:
    """Two departments of one client, two of another; and 10001 is somebody else in each."""
    deck = {**ROOF, "client_key": "bar-client-0b2d"}
    app = open_app(departments={"roof": ROOF, "terrace": ROOF, "deck": deck})
    _register(app, "roof").store([THEIRS, replace(ARCHIVED, is_archived=False)], app.clock())
    return app


def _register(app: App, department: str) -> CustomerRegister:
    return app.customers.of(client_of(app.settings, department))


def _sold(app: App, asked: PaymentRequest) -> Record:
    answer = app.till().authorize(asked)
    assert isinstance(answer, Authorization), answer
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    return record


def _refused(app: App, asked: PaymentRequest) -> RefusalCode:
    answer = app.till().authorize(asked)
    assert isinstance(answer, Refusal)
    return answer.code


@pytest.mark.parametrize(
    ("department", "name"),
    [
        (None, COMPANY.name),
        ("bar", COMPANY.name),
        ("deck", COMPANY.name),
        ("roof", THEIRS.name),
        ("terrace", THEIRS.name),
    ],
)
def test_the_customer_is_the_one_of_the_sales_department(app: App, department: str | None, name: str) -> None:
    record = _sold(app, request(sale(department=department)))
    assert (record.customer_number, record.customer_name) == (COMPANY.number, name)
    assert record.department == department or department is None


def test_a_customer_that_only_another_client_has_is_not_known(app: App) -> None:
    assert _refused(app, request(sale(department="roof"), PERSON.number)) is RefusalCode.CUSTOMER_UNKNOWN
    assert _refused(app, request(sale(), ARCHIVED.number)) is RefusalCode.CUSTOMER_ARCHIVED
    assert _sold(app, request(sale(department="roof"), ARCHIVED.number)).customer_name == ARCHIVED.name


def test_the_hosts_own_id_is_linked_for_each_client(app: App) -> None:
    app.customers.link("crm-1", PERSON.number, "test")
    by_id = request(sale(department="roof"), None, host_customer_id="crm-1")
    assert _refused(app, by_id) is RefusalCode.CUSTOMER_NOT_LINKED
    _register(app, "terrace").link("crm-1", THEIRS.number, "test")
    assert _sold(app, by_id).customer_name == THEIRS.name


def test_the_picker_shows_the_customers_of_the_sales_department(app: App) -> None:
    def shown(department: str | None) -> set[str]:
        return {
            match.customer.name for match in app.till().find_customers(CustomerSearch(text="a", department=department))
        }

    def names(department: str | None) -> list[str]:
        found = app.till().find_customers(CustomerSearch(text="10001", department=department))
        return [match.customer.name for match in found]

    assert shown(None) == shown("bar") == shown("deck")
    assert names(None) == names("deck") == [COMPANY.name]
    assert names("roof") == names("terrace") == [THEIRS.name]
    assert names("cellar") == []


def test_a_host_asks_for_the_customers_of_a_sales_department(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older host names none, and gets the terminal's own."""
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(app.settings.path))
    terminal = Terminal(terminal_id="bar-1", department="bar")
    host = PosHost.load(terminal, lambda _: Outcome.UNKNOWN, plugins={"invoice": create()})
    try:
        assert [match.customer.name for match in host.find_customers("10001", department="roof")] == [THEIRS.name]
        assert [match.customer.name for match in host.find_customers("10001")] == [COMPANY.name]
        assert host.failures == []
    finally:
        host.shutdown()


def test_a_customer_that_the_host_knows_is_shown_as_linked(app: App) -> None:
    app.customers.link("crm-1", COMPANY.number, "test")
    linked = {match.customer.number: match.linked for match in app.till().find_customers(CustomerSearch(text="10"))}
    assert linked.pop(COMPANY.number) is True
    assert set(linked.values()) == {False}


@pytest.mark.parametrize("customer", [COMPANY.number, 99999])
def test_a_department_with_no_settings_stays_refused(app: App, customer: int) -> None:
    assert _refused(app, request(sale(department="cellar"), customer)) is RefusalCode.DEPARTMENT_UNKNOWN


def test_a_changed_key_loses_no_customer_and_no_link(app: App, open_app: OpenApp) -> None:
    """What is promised does not wait for the customers to be read anew."""
    _register(app, "roof").link("crm-1", THEIRS.number, "test")
    changed = {**ROOF, "client_key": "a-newer-key"}
    later = open_app(departments={"roof": changed, "terrace": changed})
    by_id = request(sale(department="terrace"), None, host_customer_id="crm-1")
    assert _sold(later, by_id).customer_name == THEIRS.name


def test_the_same_facts_again_are_promised_though_the_department_has_gone(app: App, open_app: OpenApp) -> None:
    asked = request(sale(department="deck"))
    first = _sold(app, asked)
    later = open_app()
    assert _sold(later, asked) == first
    assert later.till().capture(asked)


def test_a_department_is_no_way_round_a_void(app: App) -> None:
    asked = request(sale(department="roof"))
    app.till().void(PaymentVoid(ref=asked.ref, why="declined"))
    assert _refused(app, asked) is RefusalCode.PAYMENT_VOIDED


def test_a_record_is_amended_to_a_customer_of_its_own_client(app: App) -> None:
    asked = request(sale(department="roof"))
    _sold(app, asked)
    app.till().capture(asked)
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    with pytest.raises(UsageError, match="customer 10003 is not in the register"):
        app.office().amend(record, customer=PERSON.number)
    assert app.office().amend(record, customer=ARCHIVED.number).customer_name == ARCHIVED.name
    assert app.outbox.get(record.id).status is Status.PENDING


def test_the_lamp_and_the_cashier_hear_of_the_register_that_is_old(app: App, clock: Watch) -> None:
    """The bar's is fresh; the roof's is not."""
    clock.passes(days=8)
    app.customers.store([], clock())
    assert app.till().authorize(request(sale(at=clock()))).warnings == ()  # type: ignore[union-attr]
    old = app.till().authorize(request(sale(sale_id="s-2", at=clock(), department="roof")))
    assert isinstance(old, Authorization)
    assert "8 dager" in old.warnings[0]
    assert any("8 dager" in notice for notice in app.status().notices)


def test_a_register_of_another_client_that_was_never_read_is_no_red_lamp(open_app: OpenApp) -> None:
    """The terminal's own department can go on."""
    app = open_app(departments={"roof": ROOF})
    assert app.status().light is Light.YELLOW
    assert any("customers sync" in notice for notice in app.status().notices)
