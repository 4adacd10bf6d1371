"""Faktura at the till's page with the plugin itself, and what has arrived in PowerOffice the morning after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.customer import CustomerTerms
from posplugin.hooks import PosHost
from posplugin.simulator import Simulator
from sample_terminal.web.typed import hundredths
from tests.fixtures.restaurant import send, set_up
from tests.integration.terminal.web_guest import Cashier, OpenTill


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


@pytest.fixture
def config(tmp_path: Path, go: Simulator, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = set_up(tmp_path, go)
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(path))
    return path


@pytest.fixture
def till(config: Path) -> Iterator[OpenTill]:
    opened = OpenTill(config.parent / "journal.sqlite3", PosHost.load)
    assert opened.host.failures == []
    yield opened
    opened.stack.close()


@pytest.fixture
def cashier(till: OpenTill) -> Cashier:
    return till.cashier()


@contextmanager
def closed(till: OpenTill, config: Path) -> Iterator[None]:
    """The night: the till is off, and everything is sent."""
    till.stack.close()
    send(config)
    yield


def test_the_list_follows_what_is_typed_with_all_a_cashier_must_know(cashier: Cashier) -> None:
    cashier.ring("meny")
    everyone = cashier.see("/pay?by=invoice")
    found = cashier.see("/invoice/customers?q=fjell")

    assert "Bergen Havnelag AS" in everyone
    assert "Gamle Bryggen AS" not in everyone  # archived
    assert "! Uten mva" in everyone
    assert "Fjellheim Entreprenør AS" in found
    assert "Bergen Havnelag AS" not in found
    assert "✓ Koblet K-17" in found
    assert "EHF" in found
    assert "<html" not in found


def test_a_sale_on_faktura_from_the_menu_to_the_books(
    go: Simulator, config: Path, till: OpenTill, cashier: Cashier
) -> None:
    cashier.ring("meny", "meny", "flaske")
    cashier.invoice(10001)
    assert "må ha «Deres referanse» eller et bestillingsnummer" in cashier.alarm
    assert cashier.status == 409
    cashier.pay("invoice", your_reference="Kari Nordmann", purpose="Styremøte", note="Bord 12 <b>")

    assert "Satt på faktura" in cashier.page
    (paper,) = cashier.papers
    for text in (
        "UTLEVERINGSKVITTERING nr 1",
        "2 x Treretters meny",
        "10001 Fjellheim Entreprenør AS",
        "Kari Nordmann",
        "Styremøte",
        "2\xa0035,00",
    ):
        assert text in paper
    assert "SALGSKVITTERING" not in paper
    assert "Sist fakturerte" not in cashier.page

    with closed(till, config):
        (order,) = go.orders()
    assert order["TotalAmount"] == 2035
    assert order["CustomerReference"] == "Kari Nordmann"


def test_what_was_written_stays_when_it_is_refused(till: OpenTill, cashier: Cashier) -> None:
    cashier.ring("meny")
    cashier.invoice(10001, participants="x" * 251, note="Bord 12")

    assert "Det er for mye tekst i «Deltakere»: det er plass til 250 tegn" in cashier.alarm
    assert re.search(r'<input id="participants"[^>]* maxlength="250"[^>]* autofocus aria-invalid="true">', cashier.page)
    assert cashier.page.count(" autofocus") == 1
    page = cashier.see("/pay?by=invoice")
    assert 'value="Bord 12"' in page
    assert "x" * 251 in page


@pytest.mark.parametrize(
    ("number", "text"),
    [(10007, "satt opp uten mva"), (10001, "må ha «Deres referanse»")],
)
def test_a_refusal_is_in_the_plugins_own_words_and_nothing_is_final(
    till: OpenTill, cashier: Cashier, number: int, text: str
) -> None:
    cashier.ring("meny")

    cashier.invoice(number)

    assert text in cashier.alarm
    assert till.journal.latest_sales("bar-1") == []


def test_a_customer_that_is_not_there_is_not_picked(cashier: Cashier) -> None:
    cashier.ring("meny")

    cashier.post("/invoice/customer", number="99999")

    assert cashier.status == 409
    assert cashier.ticket.buyer is None


@pytest.mark.parametrize("amount", ["0", "0,00"])
def test_an_amount_of_nothing_is_asked_for_again(cashier: Cashier, amount: str) -> None:
    cashier.ring("meny")
    cashier.invoice(10002, amount=amount, your_reference="Kari")

    assert cashier.alarm == "Skriv et beløp større enn null."
    assert re.search(r'<input class="big" id="amount"[^>]* autofocus', cashier.page)


def test_a_split_prints_both_papers_and_only_its_part_is_invoiced(
    go: Simulator, config: Path, till: OpenTill, cashier: Cashier
) -> None:
    cashier.ring("meny", "kaffe")
    cashier.post("/invoice/customer", number=10002)
    cashier.pay("invoice", amount="300")
    cashier.pay("card", tip="40")

    assert "Betalt og satt på faktura" in cashier.page
    sales_receipt, delivery_receipt = cashier.papers
    assert "Faktureres for seg" in sales_receipt
    assert "Betalt på annen måte" in delivery_receipt
    assert list(till.card.charged.values()) == [47490]
    with closed(till, config):
        assert [order["TotalAmount"] for order in go.orders()] == [300]


def test_a_refusal_in_a_split_keeps_what_was_planned_before(till: OpenTill, cashier: Cashier) -> None:
    cashier.ring("meny")
    cashier.pay("gift_card", amount="200")

    cashier.invoice(10001)

    assert cashier.status == 409
    assert [(one.channel, one.amount) for one in cashier.ticket.payments] == [("gift_card", 20000)]
    cashier.pay("invoice", order_number="4711")
    assert "Betalt og satt på faktura" in cashier.page


def test_an_invoiced_sale_comes_back_as_a_credit_note_to_the_same_customer_and_never_as_money(
    go: Simulator, config: Path, till: OpenTill, cashier: Cashier
) -> None:
    cashier.ring("meny", "flaske", "flaske")
    cashier.invoice(10002)
    (sold,) = till.journal.latest_sales("bar-1")
    assert "Fakturert: Bergen Havnelag AS (10002)" in cashier.see(f"/returns/{sold.sale_id}")

    page = cashier.post(f"/returns/{sold.sale_id}", **{"count-1": "1"})
    assert "Krediter Bergen Havnelag AS: 645,00 kr" in page
    assert "by-cash" not in page
    cashier.post("/pay/take-off", channel="invoice")
    assert cashier.status == 409
    cashier.post("/pay/finish", ticket=cashier.ticket.ticket_id)

    assert "Kreditnota" in cashier.page
    with closed(till, config):
        assert sorted(order["TotalAmount"] for order in go.orders()) == [-645, 1985]


def test_of_a_split_each_part_goes_back_the_way_it_came(
    go: Simulator, config: Path, till: OpenTill, cashier: Cashier
) -> None:
    """Everything back, in two goes: no øre more is credited or paid back than was invoiced or paid."""
    cashier.ring("meny", "kaffe", "kaffe", "kaffe")
    cashier.post("/invoice/customer", number=10002)
    cashier.pay("invoice", amount="333,33")
    cashier.pay("card")
    (sold,) = till.journal.latest_sales("bar-1")

    for chosen in ({"count-1": "2"}, {"count-0": "1", "count-1": "1"}):
        cashier.post(f"/returns/{sold.sale_id}", **chosen)
        foot = cashier.page.split('class="ticket-foot"')[1]
        back, credited, paid = [
            hundredths(re.search(rf"{text}</\w+> *<\w+>([\d\s]+,\d\d)<", foot)[1]) or 0  # type: ignore[index]
            for text in ("Kommer i retur", "Krediteres Bergen Havnelag AS", "Å betale tilbake")
        ]
        assert (back, paid) == (credited + paid, -cashier.ticket.left)
        assert credited > 0
        assert re.search(r'href="/returns" aria-current="page"', cashier.page)
        cashier.pay("card")
        assert "Returen er gjort" in cashier.page
        assert re.search(r'href="/returns" aria-current="page"', cashier.page)

    assert sum(till.card.charged.values()) == 0
    with closed(till, config):
        assert sum(order["TotalAmount"] for order in go.orders()) == 0


def test_it_sells_while_poweroffice_is_gone(go: Simulator, config: Path, till: OpenTill, cashier: Cashier) -> None:
    go.stop()
    cashier.ring("meny")
    assert "Bergen Havnelag AS" in cashier.see("/invoice/customers?q=bergen")

    cashier.invoice(10002)

    assert "Satt på faktura" in cashier.page
    assert "Sending til PowerOffice" in cashier.see("/day")
    go.start()
    with closed(till, config):
        assert len(go.orders()) == 1


def test_a_credit_limit_is_seen_before_and_warned_of_after(config: Path, till: OpenTill, cashier: Cashier) -> None:
    till.stack.close()
    with App.open(config) as app:
        terms = CustomerTerms(credit_limit=50000, your_reference="Ola", order_number="PO-1")
        app.customers.accounts.set_terms(10002, terms, "test")
    again = till.again()
    cashier = again.cashier().ring("meny")

    found = cashier.see("/invoice/customers?q=bergen")
    cashier.post("/invoice/customer", number=10002)
    form = cashier.see("/pay?by=invoice")
    cashier.pay("invoice", your_reference="Ola", order_number="PO-1")

    again.stack.close()
    assert "Kreditt igjen 500,00" in found
    assert ('value="Ola"' in form, 'value="PO-1"' in form) == (True, True)
    assert "Vær oppmerksom på" in cashier.page
    assert "kredittgrense på 500,00 kr" in cashier.page


def test_the_day_at_the_page_is_the_day_in_the_books(
    go: Simulator, config: Path, till: OpenTill, cashier: Cashier
) -> None:
    """Cash, card with tip, gift card sold and used, Faktura, split, return, money moved, 50 kr short: sum 0.00."""
    cashier.ring("pils", "ipa")
    cashier.pay("cash", given="500")
    cashier.ring("gavekort")
    cashier.pay("card")
    cashier.ring("lam")
    cashier.pay("gift_card", amount="200")
    cashier.pay("card", tip="30")
    cashier.ring("meny").invoice(10002)
    cashier.post("/where", take_away="1")
    cashier.ring("burger")
    cashier.post("/where", take_away="0")
    cashier.ring("burger")
    cashier.pay("invoice", amount="100")  # nobody picked: refused
    assert cashier.status == 409
    cashier.post("/invoice/customer", number=10003)
    cashier.pay("invoice", amount="100")
    cashier.pay("cash")
    sold = till.journal.latest_sales("bar-1")[-1]
    cashier.post(f"/returns/{sold.sale_id}", **{"count-0": "1"})
    cashier.pay("cash")
    cashier.post("/day/move", amount="500", text="Veksel", way="in")
    expected = int(cashier.see("/day").split("Skal ligge i skuffen</dt><dd>")[1].split(",")[0].replace("\xa0", ""))
    assert "Bergen Havnelag AS" in cashier.page
    cashier.close_day(str(expected - 50))

    assert "Dagen er lukket" in cashier.page
    assert "Sending til PowerOffice" in cashier.page
    assert "Kassedifferanse" in cashier.papers[0]
    assert "På faktura (2)</dt><dd>795,00" in cashier.page
    assert "Z-rapport E1 er lagret og sendes sammen med fakturaene." in cashier.page
    with closed(till, config):
        (voucher,) = go.vouchers()
        balance = go.trial_balance()
    assert sum(line["CurrencyAmount"] for line in voucher["VoucherLines"]) == 0
    assert balance[7746] == 50
    assert balance[2981] == -30
    assert balance[2901] == -300
