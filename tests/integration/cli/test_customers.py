"""The register as a technician keeps it: what customers owe and may owe, what goes on their invoices, who they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.payment import Authorization, PaymentRef, PaymentRequest, Refusal
from posplugin.domain.sale import Sale, SaleLine, Tender
from posplugin.settings.clients import go_clients
from posplugin.simulator import SECOND_CLIENT_KEY, Simulator

Run = Callable[..., tuple[int, str, str]]


def _sell(number: int, amount: int, customer: int = 10002, department: str | None = None) -> Authorization | Refusal:
    sale = Sale(
        sale_id=str(number),
        terminal_id="till-1",
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=amount, vat_rate=25),),
        tenders=(Tender(tender_id="1", channel="invoice", amount=amount),),
        department=department,
    )
    request = PaymentRequest(ref=PaymentRef("till-1", str(number), "1"), sale=sale, customer_number=customer)
    with App.open() as app:
        till = app.till()
        answer = till.authorize(request)
        if isinstance(answer, Authorization):
            till.capture(request)
        return answer


def _found(run: Run, number: int, *words: str) -> dict[str, Any]:
    code, out, err = run("customers", "find", str(number), "--json", *words)
    assert code == 0, err
    (found,) = json.loads(out)
    assert isinstance(found, dict)
    return found


def _settings(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "posplugin.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


@pytest.fixture
def cafe(shop: Run, tmp_path: Path) -> Run:
    """The same till, with two departments of another client beside its own."""
    text = (tmp_path / "posplugin.toml").read_text()
    for name in ("cafe", "kiosk"):
        text += f'\n[departments.{name}]\nclient_key = "{SECOND_CLIENT_KEY}"\nproducts = {{ vat_25 = "30" }}\n'
    (tmp_path / "posplugin.toml").write_text(text)
    return shop


# -- what they owe -------------------------------------------------------------------------------------------------


def test_what_a_customer_owes_is_followed_from_the_till_to_poweroffice(shop: Run, simulator: Simulator) -> None:
    """Each document once: waiting, delivered, read again as a draft, sent by a person."""
    assert isinstance(_sell(1001, 125_00), Authorization)
    assert (_found(shop, 10002)["open_ore"], _found(shop, 10002)["open_in_poweroffice_ore"]) == (125_00, 0)

    assert shop("send")[0] == 0
    assert _found(shop, 10002)["open_ore"] == 125_00

    simulator.advance(120)
    assert shop("customers", "sync")[0] == 0
    assert _found(shop, 10002)["open_ore"] == 125_00

    simulator.send_order(str(simulator.orders()[0]["Id"]))
    assert shop("customers", "sync")[0] == 0
    assert _found(shop, 10002)["open_ore"] == 125_00
    assert "125,00" in shop("customers", "find", "10002")[1]
    assert _found(shop, 10003)["open_ore"] == 0


def test_reading_costs_three_requests_for_each_client(cafe: Run, simulator: Simulator) -> None:
    """Customers, orders and unpaid invoices, in each with a token of its own."""
    before = len(simulator.requests)

    assert cafe("customers", "sync")[0] == 0

    asked = [(entry["method"], str(entry["path"]).rpartition("/")[2]) for entry in simulator.requests[before:]]
    once = [("POST", "Token"), ("GET", "Customers"), ("GET", "SalesOrders"), ("GET", "OutgoingInvoices")]
    assert asked == once * 2


def test_without_limits_nothing_open_is_asked_for_nor_shown(shop: Run, simulator: Simulator, tmp_path: Path) -> None:
    _settings(tmp_path, 'credit_limit = "warn"', 'credit_limit = "off"')
    before = len(simulator.requests)

    assert shop("customers", "sync")[0] == 0

    assert [str(entry["path"]) for entry in simulator.requests[before:] if entry["method"] == "GET"] == [
        "/v2/Customers"
    ]
    assert _found(shop, 10002)["open_in_poweroffice_ore"] is None


def test_customers_are_read_though_what_they_owe_cannot_be(shop: Run, simulator: Simulator) -> None:
    """A privilege is missing: that is said, and new customers can be picked."""
    simulator.set_privilege("OutgoingInvoice_Full", False)
    simulator.revoke_tokens()
    with App.open() as app:
        before = app.customers.synced()

    code, _, err = shop("customers", "sync")

    assert code == 1
    assert "PowerOffice:" in err
    with App.open() as app:
        assert app.customers.synced() != before


# -- what they may owe, and what goes on their invoices ------------------------------------------------------------


def test_a_limit_that_is_set_counts_at_the_till_at_once(shop: Run, tmp_path: Path) -> None:
    code, _, err = shop("customers", "set", "10002", "--credit-limit", "100.00")
    assert (code, "10002 Bergen Havnelag AS: credit limit 100,00." in " ".join(err.split())) == (0, True)
    assert _found(shop, 10002)["credit_limit_ore"] == 100_00

    answer = _sell(1001, 125_00)
    assert isinstance(answer, Authorization)
    assert "has a credit limit of NOK 100,00" in answer.warnings[0]

    _settings(tmp_path, 'credit_limit = "warn"', 'credit_limit = "block"')
    refused = _sell(1002, 1_00)
    assert isinstance(refused, Refusal)
    assert refused.code == "credit_limit"

    assert shop("customers", "set", "10002", "--no-credit-limit")[0] == 0
    assert isinstance(_sell(1003, 1_00), Authorization)


def test_the_default_limit_counts_until_a_customer_has_its_own(shop: Run, tmp_path: Path) -> None:
    _settings(tmp_path, "[invoicing]", '[invoicing]\ndefault_credit_limit = "20000.00"')
    assert _found(shop, 10002)["credit_limit_ore"] == 20_000_00
    shop("customers", "set", "10002", "--no-credit-limit")
    assert _found(shop, 10002)["credit_limit_ore"] is None
    shop("customers", "set", "10002", "--credit-limit", "0.00")
    assert _found(shop, 10002)["credit_limit_ore"] == 0
    assert "(of the settings)" in shop("customers", "set", "10002", "--credit-limit", "default")[2]
    assert _found(shop, 10002)["credit_limit_ore"] == 20_000_00


def test_a_reference_that_is_set_is_on_the_next_invoice(shop: Run, simulator: Simulator) -> None:
    """10001 gets EHF, and was refused without one."""
    assert isinstance(_sell(1001, 100_00, 10001), Refusal)

    told = shop("customers", "set", "10001", "--reference", " Kari Nordmann ", "--order-number", "PO-7")[2]
    assert "no credit limit, reference “Kari Nordmann”, order number “PO-7”." in " ".join(told.split())
    assert isinstance(_sell(1002, 100_00, 10001), Authorization)
    assert shop("send")[0] == 0

    order = simulator.orders()[0]
    assert (order["CustomerReference"], order["PurchaseOrderReference"]) == ("Kari Nordmann", "PO-7")
    shop("customers", "set", "10001", "--reference", "", "--order-number", "")
    assert (_found(shop, 10001)["reference"], _found(shop, 10001)["order_number"]) == (None, None)


def test_what_is_not_named_stays_as_it_was(shop: Run) -> None:
    shop("customers", "set", "10002", "--credit-limit", "100.00", "--reference", "Kari")
    shop("customers", "set", "10002", "--order-number", "PO-7")
    shop("customers", "set", "10002")
    found = _found(shop, 10002)
    assert (found["credit_limit_ore"], found["reference"], found["order_number"]) == (100_00, "Kari", "PO-7")


WRONG = {
    "no such customer": (["4711", "--credit-limit", "1.00"], "customer 4711 is not in the register"),
    "no amount": (["10002", "--credit-limit", "mye"], "'mye' is no amount"),
    "parts of an øre": (["10002", "--credit-limit", "1.005"], "not a whole number of øre"),
    "below zero": (["10002", "--credit-limit", "-1.00"], "give 0.00 to"),
    "endless": (["10002", "--credit-limit", "1e20"], "'1e20' is no amount"),
    "too much": (["10002", "--credit-limit", "10000000000"], "give 0.00 to"),
    "both": (["10002", "--credit-limit", "1.00", "--no-credit-limit"], "not both"),
    "too long": (["10002", "--reference", "x" * 251], "at most 250"),
    "a line feed": (["10002", "--order-number", "a\nb"], "printable"),
    "no such department": (["10002", "--department", "cellar"], 'department "cellar" is not in'),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_set_is_told_and_changes_nothing(shop: Run, words: list[str], said: str) -> None:
    code, _, err = shop("customers", "set", *words)
    assert (code, said in " ".join(err.split())) == (2, True), err
    assert _found(shop, 10002)["credit_limit_ore"] is None


# -- links ---------------------------------------------------------------------------------------------------------


def test_many_links_are_taken_from_a_file(shop: Run, tmp_path: Path) -> None:
    """With a head, blank lines and the mark that Excel writes before UTF-8."""
    text = 'host_id;number\n K-1 ; 10001 \n\n;\n"K;2";10003\nåse;10005\n'
    (tmp_path / "links.csv").write_text(text, encoding="utf-8-sig")

    code, _, err = shop("customers", "link", "--import", "links.csv")

    assert (code, "3 customers linked" in err) == (0, True)
    links = json.loads(shop("customers", "links", "--json")[1])
    assert [(link["host_id"], link["number"], link["state"]) for link in links] == [
        ("K-1", 10001, "linked"),
        ("K;2", 10003, "linked"),
        ("åse", 10005, "linked"),
    ]
    assert _found(shop, 10001)["linked"] == ["K-1"]
    shown = shop("customers", "links")
    assert "Fjellheim" in shown[1]
    assert "3 links" in shown[2]


BAD_LINES = {
    "K-2;4711": "line 2: customer 4711 is not in the register",
    "K-2;10006": "line 2: customer 10006 Gamle Bryggen AS is archived",
    "K-2;ti": "line 2: 'ti' is no customer number",
    "K-2;": "line 2: '' is no customer number",
    ";10002": "line 2: the till's own id is ''",
    "K-2": "line 2: 1 cells",
    "K-2,10002": "line 2: 1 cells",
    "K-2;10002;x": "line 2: 3 cells",
    "K-1;10002": "line 2: K-1 stands in line 1 already",
    '"K-2;10002': "is not written as CSV",
}


def _linked(shop: Run) -> dict[str, int]:
    return {link["host_id"]: link["number"] for link in json.loads(shop("customers", "links", "--json")[1])}


def test_a_link_to_another_customer_is_moved_only_when_told(shop: Run, tmp_path: Path) -> None:
    shop("customers", "link", "K-1", "10001")
    (tmp_path / "links.csv").write_text("K-1;10003\nK-2;10002\n")
    for words in (("K-1", "10003"), ("--import", "links.csv")):
        code, _, err = shop("customers", "link", *words)
        assert (code, "K-1 is linked to customer 10001; add --move to move the link" in err) == (2, True)
        assert _linked(shop) == {"K-1": 10001}
    assert shop("customers", "link", "K-1", "10001")[0] == 0  # as it is
    assert shop("customers", "link", "K-1", "10002", "--move")[0] == 0
    assert shop("customers", "link", "--import", "links.csv", "--move")[0] == 0
    assert _linked(shop) == {"K-1": 10003, "K-2": 10002}


@pytest.mark.parametrize(("line", "said"), BAD_LINES.items())
def test_one_bad_line_and_nothing_is_linked(shop: Run, tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "links.csv").write_text(f"K-1;10001\n{line}\n")

    code, _, err = shop("customers", "link", "--import", "links.csv")

    assert (code, said in " ".join(err.split())) == (2, True), err
    assert json.loads(shop("customers", "links", "--json")[1]) == []


def test_every_bad_line_is_named_at_once(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("K-1;10001\nK-2;4711\nK-3;10002\nK-4;ti\n")
    err = shop("customers", "link", "--import", "links.csv")[2]
    assert ("line 2:" in err, "line 4:" in err, "line 3:" in err) == (True, True, False)


def test_a_file_that_cannot_be_read_is_told(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("åse;10005".encode("latin-1"))
    assert "UTF-8" in shop("customers", "link", "--import", "latin.csv")[2]
    assert shop("customers", "link", "--import", "nowhere.csv")[0] == 2
    assert shop("customers", "link", "K-1", "--import", "latin.csv")[0] == 2
    assert shop("customers", "link")[0] == 2


def test_a_customer_that_is_archived_is_not_linked(shop: Run) -> None:
    """It can be invoiced no more; the sentence says what to do."""
    code, _, err = shop("customers", "link", "K-1", "10006")

    assert (code, "customer 10006 Gamle Bryggen AS is archived; take it out" in " ".join(err.split())) == (2, True), err
    assert json.loads(shop("customers", "links", "--json")[1]) == []


def test_a_link_whose_customer_is_archived_later_is_told_as_such(shop: Run, simulator: Simulator) -> None:
    shop("customers", "link", "K-1", "10003")
    simulator.archive_customer(10003)
    shop("customers", "sync")

    assert [link["state"] for link in json.loads(shop("customers", "links", "--json")[1])] == ["archived"]


def test_a_link_whose_customer_has_gone_is_told_as_such(shop: Run) -> None:
    shop("customers", "link", "K-1", "10005")
    with App.open() as app:
        app.customers.store([], datetime.now(UTC), everything=True)
    assert json.loads(shop("customers", "links", "--json")[1]) == [
        {"host_id": "K-1", "number": 10005, "name": None, "state": "gone"}
    ]


# -- several clients -----------------------------------------------------------------------------------------------


def test_customers_of_every_client_are_read_and_told_apart(cafe: Run, simulator: Simulator) -> None:
    """And a sale of the other department is delivered to the other client."""
    assert cafe("customers", "find", "10002", "--department", "cafe")[1].count("10002") == 0
    code, _, err = cafe("customers", "sync")
    assert (code, "20 in the register" in err) == (0, True)

    cafe("customers", "set", "10002", "--credit-limit", "5.00", "--department", "kiosk")
    cafe("customers", "link", "K-1", "10003", "--department", "cafe")

    assert _found(cafe, 10002)["credit_limit_ore"] is None
    assert _found(cafe, 10002, "--department", "cafe")["credit_limit_ore"] == 5_00
    assert json.loads(cafe("customers", "links", "--json")[1]) == []
    assert len(json.loads(cafe("customers", "links", "--json", "--department", "kiosk")[1])) == 1
    assert isinstance(_sell(1001, 100_00, 10002, "cafe"), Authorization)
    assert (_found(cafe, 10002)["open_ore"], _found(cafe, 10002, "--department", "kiosk")["open_ore"]) == (0, 100_00)


def test_a_client_that_cannot_be_read_keeps_nothing_from_the_others(
    cafe: Run, simulator: Simulator, tmp_path: Path
) -> None:
    """Its departments are named, and the exit code says that something failed."""
    text = (tmp_path / "posplugin.toml").read_text()
    (tmp_path / "posplugin.toml").write_text(text.replace(SECOND_CLIENT_KEY, "no-such-client"))
    simulator.archive_customer(10002)

    code, _, err = cafe("customers", "sync")

    assert (code, "cafe, kiosk: " in err) == (1, True)
    assert cafe("customers", "find", "10002", "--json")[1].strip() == "[]"


def test_keys_of_another_client_make_everything_be_read_anew(shop: Run, tmp_path: Path) -> None:
    """Only what has changed would leave the customers of the old client in the register."""
    with App.open() as app:
        stray = app.customers.get(10002)
        assert stray is not None
        (own,) = go_clients(app.settings)
        register = app.customers.of(own)
        register.store([type(stray)(number=77777, name="Bare der AS")], app.clock())
    text = (tmp_path / "posplugin.toml").read_text()
    (tmp_path / "posplugin.toml").write_text(text.replace("simulator-client-key", SECOND_CLIENT_KEY))

    assert shop("customers", "sync")[0] == 0

    assert shop("customers", "find", "77777", "--json")[1].strip() == "[]"
    assert _found(shop, 10002)["number"] == 10002
