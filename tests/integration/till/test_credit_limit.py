"""What a customer may owe: a warning, or a refusal with the remedy; never for what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.customer import CustomerTerms, OpenItem
from posplugin.domain.payment import (
    Authorization,
    CustomerSearch,
    PaymentRequest,
    PaymentVoid,
    Refusal,
    RefusalCode,
)
from posplugin.settings.clients import client_of
from tests.fixtures.customers import COMPANY, CUSTOMERS, PERSON
from tests.fixtures.sales import request, returned, sale, tender

OpenApp = Callable[..., App]


def opened(open_app: OpenApp, mode: str | None, limit: CustomerTerms | None = None, **changes: Any) -> App:
    """An app where `COMPANY` has 600 kr open in PowerOffice and, unless told otherwise, a limit of 1 000 kr."""
    app = open_app(invoicing={**({"credit_limit": mode} if mode else {}), **changes.pop("invoicing", {})}, **changes)
    register = app.customers.of(client_of(app.settings, "bar"))
    register.accounts.set_terms(COMPANY.number, limit or CustomerTerms(credit_limit=1000_00), "test")
    register.accounts.store_open([OpenItem(customer_number=COMPANY.number, amount=600_00)], 0)
    return app


def asked(amount: int, sale_id: str = "s-1", **values: Any) -> PaymentRequest:
    return request(sale(amount, sale_id=sale_id), **values)


def warnings(app: App, payment: PaymentRequest) -> tuple[str, ...]:
    answer = app.till().authorize(payment)
    assert isinstance(answer, Authorization), answer
    return answer.warnings


def code(app: App, payment: PaymentRequest) -> RefusalCode | None:
    answer = app.till().authorize(payment)
    return answer.code if isinstance(answer, Refusal) else None


def test_a_customer_that_comes_above_its_limit_is_warned_of_with_the_amounts(open_app: OpenApp) -> None:
    """That is the default, and the sale goes through."""
    app = opened(open_app, None)
    assert warnings(app, asked(400_00, "s-1")) == ()
    assert warnings(app, asked(1_00, "s-2")) == (
        "Ærlig Håndverk AS har en kredittgrense på 1\u00a0000,00 kr, og 1\u00a0001,00 kr er nå utestående.",
    )
    assert warnings(app, asked(1_00, "s-3", customer=PERSON.number)) == ()


def test_a_customer_that_would_come_above_its_limit_is_refused_with_the_remedy(open_app: OpenApp) -> None:
    app = opened(open_app, "block", terminal={"language": "en"})
    assert code(app, asked(400_00, "s-1")) is None
    answer = app.till().authorize(asked(1, "s-2"))
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.CREDIT_LIMIT
    assert answer.text == (
        "Ærlig Håndverk AS has a credit limit of NOK 1\u00a0000,00 and NOK 1\u00a0000,00 open already; this is too "
        "much. Take payment another way, or ask whoever looks after the invoices to raise the limit."
    )
    assert app.outbox.by_payment(asked(1, "s-2").ref) is None


def test_off_neither_warns_nor_refuses(open_app: OpenApp) -> None:
    app = opened(open_app, "off", invoicing={"default_credit_limit": "1.00"})
    assert warnings(app, asked(90_000_00)) == ()
    assert app.till().find_customers(CustomerSearch(text="ærlig"))[0].credit_left is None


LIMITS = {
    "none anywhere": (CustomerTerms(), {}, None),
    "the default": (CustomerTerms(), {"default_credit_limit": "700.00"}, 700_00),
    "its own before the default": (CustomerTerms(credit_limit=650_00), {"default_credit_limit": "700.00"}, 650_00),
    "unlimited in spite of the default": (CustomerTerms(unlimited=True), {"default_credit_limit": "700.00"}, None),
    "no credit at all": (CustomerTerms(credit_limit=0), {}, 0),
}


@pytest.mark.parametrize("mode", ["warn", "block"])
@pytest.mark.parametrize(("terms", "invoicing", "limit"), LIMITS.values(), ids=LIMITS)
def test_a_limit_is_the_customers_own_or_the_default(
    open_app: OpenApp, mode: str, terms: CustomerTerms, invoicing: dict[str, str], limit: int | None
) -> None:
    """A customer without one is never warned of, whatever it owes."""
    app = opened(open_app, mode, terms, invoicing=invoicing)
    payment = asked(100_01)
    if limit is None:
        assert warnings(app, payment) == ()
    elif mode == "block":
        assert code(app, payment) is RefusalCode.CREDIT_LIMIT
    else:
        assert len(warnings(app, payment)) == 1
    left = app.till().find_customers(CustomerSearch(text="ærlig"))[0].credit_left
    owed = 700_01 if mode == "warn" or limit is None else 600_00
    assert left == (None if limit is None else limit - owed)


def test_returns_are_never_blocked_nor_warned_of(open_app: OpenApp) -> None:
    """Though the customer owes far more than it may, and even makes room for another sale."""
    app = opened(open_app, "block")
    for mode in ("block", "warn"):
        app = opened(open_app, mode, CustomerTerms(credit_limit=550_00))
        assert warnings(app, request(returned(-100_00, sale_id=f"r-{mode}"))) == ()
    app = opened(open_app, "block", CustomerTerms(credit_limit=450_00))
    assert code(app, asked(50_01, "s-1")) is RefusalCode.CREDIT_LIMIT
    assert code(app, asked(50_00, "s-2")) is None


def test_a_promise_again_is_the_same_promise_though_there_is_no_room_any_more(open_app: OpenApp) -> None:
    """And it is not counted twice; capture never refuses."""
    app = opened(open_app, "block")
    payment = asked(400_00)
    first = app.till().authorize(payment)
    assert app.till().authorize(payment) == first
    tighter = opened(open_app, "block", CustomerTerms(credit_limit=0))
    assert tighter.till().authorize(payment) == first
    assert tighter.till().capture(payment)
    assert tighter.till().capture(asked(5_000_00, "s-never-promised"))
    assert opened(open_app, "warn").till().authorize(asked(400_00, "s-1")).warnings != ()  # type: ignore[union-attr]


def test_what_was_undone_makes_room_again(open_app: OpenApp) -> None:
    app = opened(open_app, "block")
    payment = asked(400_00, "s-1")
    assert code(app, payment) is None
    assert code(app, asked(1_00, "s-2")) is RefusalCode.CREDIT_LIMIT
    app.till().void(PaymentVoid(ref=payment.ref, why="declined"))
    assert code(app, asked(400_00, "s-3")) is None


def test_two_invoice_payments_of_one_sale_share_the_limit(open_app: OpenApp) -> None:
    app = opened(open_app, "block")
    whole = sale(500_00, [tender(300_00, tender_id="a"), tender(200_00, tender_id="b")])
    assert code(app, request(whole, tender_id="a")) is None
    assert code(app, request(whole, tender_id="b")) is RefusalCode.CREDIT_LIMIT
    assert code(app, request(whole, PERSON.number, tender_id="b")) is None


def test_fee_and_tip_count(open_app: OpenApp) -> None:
    app = opened(open_app, "block", invoicing={"invoice_fee": True, "invoice_fee_amount": "39.00"})
    assert code(app, asked(361_01)) is RefusalCode.CREDIT_LIMIT
    assert code(app, asked(361_00, "s-2")) is None


def test_the_first_thing_that_is_wrong_is_told_before_the_limit(open_app: OpenApp) -> None:
    app = opened(open_app, "block")
    assert code(app, request(sale(9_000_00, training=True))) is RefusalCode.TRAINING_SALE


def test_another_clients_customer_of_the_same_number_owes_nothing_here(open_app: OpenApp) -> None:
    roof = {"client_key": "another-client", "products": {"vat_25": "30"}}
    app = opened(open_app, "block", departments={"roof": roof}, invoicing={"default_credit_limit": "500.00"})
    app.customers.of(client_of(app.settings, "roof")).store(CUSTOMERS, app.clock())
    assert code(app, request(sale(500_00, sale_id="s-1", department="roof"))) is None
    assert code(app, request(sale(1, sale_id="s-2", department="roof"))) is RefusalCode.CREDIT_LIMIT
    assert code(app, asked(400_00, "s-3")) is None
