"""Sending: an order the integration sends becomes an invoice a little later, or stays an order and says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from posplugin.simulator import Simulator

_MISSING = {
    "title": "Missing privilege",
    "status": 400,
    "detail": "The integration does not have the required privileges to send invoices.",
}


@pytest.fixture
def go() -> Iterator[Simulator]:
    # Long enough that only `advance` brings a sending to its end.
    with Simulator(None, requests_per_second=1000, send_seconds=60) as simulator:
        simulator.allow_send_invoice = True
        yield simulator


def _state(api: Any, key: str) -> dict[str, Any]:
    (state,) = api.get("/SalesOrders/sentState", id=key).json()
    return dict(state)


def _ended(api: Any, key: str) -> dict[str, Any]:
    api.go.advance(61)
    return _state(api, key)


def test_an_order_is_processed_for_a_while_and_then_sent(api: Any, go: Simulator) -> None:
    order = api.order("sent").json()["Id"]
    unsent = {"InvoiceNo": None, "SentDateTimeOffset": None, "DueDate": None, "LastErrorMessage": None}
    unsent |= {"Id": order, "InvoiceDeliveryType": None}
    assert _state(api, order) == unsent | {"IsInvoiceBeingProcessed": False}

    answer = api.send(order)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"{go.url}/v2/SalesOrders/sentState?id={order}"
    assert answer.json() == {
        "Id": order,
        "DeliveryType": "Auto",
        "EmailAddress": None,
        "VoucherDate": None,
        "OverrideDueDate": None,
    }
    assert api.http.get(answer.headers["Location"]).json() == [unsent | {"IsInvoiceBeingProcessed": True}]
    assert api.get(f"/SalesOrders/{order}").status_code == 200

    state = _ended(api, order)
    assert (state["InvoiceNo"], state["IsInvoiceBeingProcessed"], state["LastErrorMessage"]) == (10001, False, None)
    invoice = api.get(f"/OutgoingInvoices/{order}").json()
    assert (state["SentDateTimeOffset"], state["DueDate"]) == (invoice["SentDateTimeOffset"], invoice["DueDate"])
    assert invoice["IsCreatedByCurrentIntegration"] is True
    assert api.get("/SalesOrders").status_code == 204


def test_sending_ends_by_itself(connect: Any) -> None:
    with Simulator(None, send_seconds=0) as go:
        go.allow_send_invoice = True
        api = connect(go)
        order = api.order().json()["Id"]
        api.send(order)

        assert [row["InvoiceNo"] for row in go.invoices()] == [10001]


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u15_the_state_is_found_by_the_orders_id_and_by_the_invoices(api: Any, go: Simulator, answer: str) -> None:
    go.switch("U15", answer)
    order = api.order("sent").json()["Id"]
    api.send(order)

    state = _ended(api, order)
    assert (state["Id"] == order) is (answer == "a")
    assert _state(api, state["Id"]) == state
    assert api.get(f"/OutgoingInvoices/{state['Id']}").json()["ExternalImportReference"] == "sent"


def test_the_state_of_an_order_a_person_sent(api: Any, go: Simulator) -> None:
    order = api.order().json()["Id"]
    go.send_order(order)

    assert _state(api, order)["InvoiceNo"] == 10001


def test_the_state_of_what_is_not_there(api: Any) -> None:
    assert api.get("/SalesOrders/sentState", id="f575b4b0-55be-4b56-b01f-44b204df82c5").status_code == 404
    assert api.get("/SalesOrders/sentState", id="x").status_code == 400
    assert api.get("/SalesOrders/sentState").status_code == 400


def test_sending_twice_makes_one_invoice(api: Any, go: Simulator) -> None:
    order = api.order().json()["Id"]

    assert api.send(order).status_code == 202
    again = api.send(order)
    assert (again.status_code, again.json()["detail"]) == (400, f"Sales order with id = {order} is being sent.")
    go.advance(61)
    assert api.send(order).status_code == 404
    assert len(go.invoices()) == 1


def test_an_order_that_is_being_sent_cannot_be_changed(api: Any, go: Simulator) -> None:
    order, other = (api.order().json()["Id"] for _ in range(2))
    api.send(order)

    assert api.http.delete(f"/v2/SalesOrders/{order}").status_code == 409
    assert api.patch(order, {"op": "replace", "path": "/CustomerReference", "value": "x"}).status_code == 400
    assert api.attach(order, "nota.pdf", b"%PDF-").status_code == 400
    for act in (go.send_order, go.edit_order, lambda key: go.merge_orders(key, other)):
        with pytest.raises(ValueError, match="being sent"):
            act(order)


def test_the_send_privilege_is_in_the_token(api: Any, go: Simulator) -> None:
    go.allow_send_invoice = False
    order = api.order().json()["Id"]

    assert api.send(order).status_code == 202
    api.log_in()
    refused = api.send(api.order().json()["Id"])
    assert (refused.status_code, refused.json()) == (400, _MISSING)
    go.set_privilege("SalesOrders_Full", False)
    api.log_in()
    assert api.send(order).status_code == 403


@pytest.mark.parametrize(
    ("asked", "customer", "expected"),
    [
        ({}, 10001, "EHF"),
        ({}, 10002, "PdfByEmail"),
        ({"DeliveryType": "Auto"}, 10009, "PdfByEmail"),
        ({"DeliveryType": "PdfByEmail"}, 10001, "PdfByEmail"),
        ({"DeliveryType": "PdfPrintForDownload"}, 10001, "Print"),
    ],
)
def test_how_an_invoice_is_delivered(api: Any, asked: dict[str, str], customer: int, expected: str) -> None:
    order = api.order(CustomerNo=customer).json()["Id"]
    assert api.send(order, **asked).status_code == 202

    assert _ended(api, order)["InvoiceDeliveryType"] == expected


@pytest.mark.parametrize("kind", ["Auto", "PdfByEmail"])
def test_e_mail_needs_an_address_and_the_order_can_be_sent_again_with_one(api: Any, go: Simulator, kind: str) -> None:
    go.change("customer", "Number", 10002, InvoiceEmailAddress=None, EmailAddress=None)
    order = api.order("again", CustomerNo=10002).json()["Id"]
    api.send(order, DeliveryType=kind)

    failed = _ended(api, order)
    assert failed["LastErrorMessage"] == "Bergen Havnelag AS has no e-mail address to deliver the invoice to."
    assert (failed["IsInvoiceBeingProcessed"], failed["SentDateTimeOffset"]) == (False, None)
    assert [row["Id"] for row in go.orders()] == [order]
    assert api.send(order, DeliveryType=kind, EmailAddress="kari@example.no").status_code == 202
    assert _state(api, order)["LastErrorMessage"] is None
    assert _ended(api, order)["InvoiceNo"] == 10001


def test_the_next_sendings_can_be_made_to_fail(api: Any, go: Simulator) -> None:
    go.fail_sending("ABC AS no longer support the receival of EHF invoice", times=2)
    orders = [api.order().json()["Id"] for _ in range(3)]
    for order in orders:
        api.send(order)

    texts = [_ended(api, order)["LastErrorMessage"] for order in orders]
    assert texts == ["ABC AS no longer support the receival of EHF invoice"] * 2 + [None]
    assert [row["Id"] for row in go.orders()] == orders[:2]


def test_the_dates_of_the_invoice(api: Any, go: Simulator) -> None:
    day = go.today
    yesterday, later = (day - timedelta(days=1)).isoformat(), (day + timedelta(days=30)).isoformat()
    orders = [api.order().json()["Id"] for _ in range(2)]
    api.send(orders[0], VoucherDate=yesterday)
    api.send(orders[1], VoucherDate=yesterday, OverrideDueDate=later)

    due = [_ended(api, order)["DueDate"] for order in orders]
    assert due == [(day + timedelta(days=13)).isoformat(), later]
    assert {row["VoucherDate"] for row in go.invoices()} == {yesterday}
    assert api.send(api.order().json()["Id"], OverrideDueDate=yesterday).status_code == 400


@pytest.mark.parametrize(
    "asked", [{"DeliveryType": 0}, {"DeliveryType": "EHF"}, {"VoucherDate": "1.1.2026"}, {"Email": "a@b.no"}, []]
)
def test_a_request_to_send_is_checked(api: Any, asked: object) -> None:
    order = api.order().json()["Id"]

    assert api.http.post(f"/v2/SalesOrders/{order}/createAndSendInvoice", json=asked).status_code == 400
    assert _state(api, order)["IsInvoiceBeingProcessed"] is False


@pytest.mark.parametrize(("answer", "status"), [("a", 400), ("b", 404)])
def test_u11_a_locked_period_takes_drafts_and_no_invoices(api: Any, go: Simulator, answer: str, status: int) -> None:
    go.switch("U11", answer)
    today = go.today
    order = api.order(SalesOrderDate="2019-01-01").json()["Id"]

    assert api.send(order, VoucherDate="2019-12-31").status_code == status
    go.set_lock_date(today)
    refused = api.send(order)
    assert (refused.status_code, "period" in refused.json()["detail"]) == (status, True)
    with pytest.raises(LookupError if answer == "b" else ValueError, match="period"):
        go.send_order(order)
    assert api.send(order, VoucherDate=(today + timedelta(days=1)).isoformat()).status_code == 202
    assert _ended(api, order)["InvoiceNo"] == 10001


def test_u11_a_period_locked_meanwhile_is_told_in_the_state(api: Any, go: Simulator) -> None:
    order = api.order().json()["Id"]
    api.send(order)
    go.set_lock_date(go.today + timedelta(days=2))

    assert "is in a locked period" in _ended(api, order)["LastErrorMessage"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"IsActive": False}, "Account 3000 is not active."),
        ({"IsDepartmentRequired": True}, "Account 3000 requires a department."),
        ({"IsProjectRequired": True}, "Account 3000 requires a project."),
    ],
)
def test_an_account_that_cannot_be_posted_on_fails_the_sending(
    api: Any, go: Simulator, change: dict[str, Any], text: str
) -> None:
    go.change("account", "AccountNo", 3000, **change)
    order = api.order().json()["Id"]
    api.send(order)

    assert _ended(api, order)["LastErrorMessage"] == text
    with pytest.raises(ValueError, match=text):
        go.send_order(order)


def test_a_department_inherited_from_the_header_is_enough(api: Any, go: Simulator) -> None:
    go.change("account", "AccountNo", 3000, IsDepartmentRequired=True)
    order = api.order(DepartmentCode="10").json()["Id"]
    api.send(order)

    assert _ended(api, order)["InvoiceNo"] == 10001


def test_u4_a_new_order_cannot_be_found_to_send_for_a_while(connect: Any) -> None:
    with Simulator(None, switches={"U4": "b"}, read_lag_seconds=60, requests_per_second=1000) as go:
        go.allow_send_invoice = True
        api = connect(go)
        order = api.order().json()["Id"]

        assert api.send(order).status_code == 404
        assert api.get("/SalesOrders/sentState", id=order).status_code == 404
        go.advance(61)
        assert api.send(order).status_code == 202
        go.advance(1)
        assert _state(api, order)["InvoiceNo"] == 10001
        assert api.get(f"/OutgoingInvoices/{order}").status_code == 404


def test_what_is_being_sent_survives_a_restart(tmp_path: Any, connect: Any) -> None:
    with Simulator(tmp_path / "go.sqlite3", send_seconds=60) as go:
        go.allow_send_invoice = True
        api = connect(go)
        order = api.order().json()["Id"]
        api.send(order)
    assert len(go.orders()) == 1
    with go:
        assert _state(api, order)["IsInvoiceBeingProcessed"] is True
        assert _ended(api, order)["InvoiceNo"] == 10001
