"""Files attached to orders."""

from __future__ import annotations

from typing import Any

import pytest

from posplugin.simulator import Simulator

_PDF = b"%PDF-1.7\n\x00\xff nota"


def test_a_file_is_attached_listed_fetched_and_deleted(api: Any) -> None:
    order, other = (api.order().json()["Id"] for _ in range(2))
    path = f"/SalesOrders/{order}/attachments"
    assert api.get(path).status_code == 204

    made = api.attach(order, "Nota æøå.pdf", _PDF)
    assert made.status_code == 201
    file = made.json()
    assert (file["FileName"], file["FileSize"], file["SalesOrderId"]) == ("Nota æøå.pdf", len(_PDF), order)
    assert api.get(path).json() == [file]
    fetched = api.get(f"{path}/{file['Id']}")
    assert (fetched.content, fetched.headers["Content-Type"]) == (_PDF, "application/pdf")
    assert api.get(f"/SalesOrders/{other}/attachments/{file['Id']}").status_code == 404
    assert api.http.delete(f"/v2{path}/{file['Id']}").status_code == 200
    assert api.http.delete(f"/v2{path}/{file['Id']}").status_code == 404
    assert api.get(path).status_code == 204


def test_files_stay_with_the_invoice_and_go_with_the_order(api: Any, go: Simulator) -> None:
    go.switch("U15", "b")
    sent, gone = (api.order().json()["Id"] for _ in range(2))
    for order in (sent, gone):
        api.attach(order, "nota.pdf", _PDF)
    invoice = go.send_order(sent)["Id"]
    go.delete_order(gone)

    for key in (sent, invoice):
        (file,) = go.attachments(key)
        assert (file["FileName"], file["Content"]) == ("nota.pdf", _PDF)
    assert go.attachments(gone) == []
    assert api.get(f"/SalesOrders/{sent}/attachments").status_code == 404
    assert api.attach(sent, "nota.pdf", _PDF).status_code == 404


def test_the_body_is_multipart_with_one_part_named_file(api: Any) -> None:
    path = f"/v2/SalesOrders/{api.order().json()['Id']}/attachments"

    assert api.http.post(path, files={"document": ("a.pdf", _PDF)}).status_code == 400
    assert api.http.post(path, content=_PDF, headers={"Content-Type": "application/pdf"}).status_code == 400
    assert api.http.post(path, files={"file": ("a.pdf", b"")}).status_code == 400
    assert api.http.post(path).status_code == 400


@pytest.mark.parametrize(
    ("answer", "small", "large", "image"), [("a", 201, 201, 201), ("b", 201, 413, 201), ("c", 400, 400, 201)]
)
def test_u19_what_may_be_attached(*, api: Any, go: Simulator, answer: str, small: int, large: int, image: int) -> None:
    go.switch("U19", answer)
    order = api.order().json()["Id"]

    assert api.attach(order, "small.pdf", _PDF).status_code == small
    assert api.attach(order, "large.pdf", _PDF + bytes(10 << 20)).status_code == large
    assert api.attach(order, "nota.png", b"\x89PNG", "image/png").status_code == image
    assert len(go.attachments(order)) == [small, large, image].count(201)


def test_attachments_have_a_privilege_of_their_own(api: Any, go: Simulator) -> None:
    order = api.order().json()["Id"]
    path = f"/SalesOrders/{order}/attachments"
    go.set_privilege("SalesOrderAttachment_Full", False)
    go.set_privilege("SalesOrderAttachment", True)
    api.log_in()

    assert api.attach(order, "nota.pdf", _PDF).status_code == 403
    assert api.get(path).status_code == 204


def test_u4_an_order_or_a_file_just_made_is_not_there_yet(connect: Any) -> None:
    with Simulator(None, switches={"U4": "b"}, read_lag_seconds=60, requests_per_second=1000) as go:
        api = connect(go)
        order = api.order().json()["Id"]

        assert api.attach(order, "nota.pdf", _PDF).status_code == 404
        go.advance(61)
        assert api.attach(order, "nota.pdf", _PDF).status_code == 201
        assert api.get(f"/SalesOrders/{order}/attachments").status_code == 204


def test_the_log_keeps_name_and_size_of_a_file(api: Any, go: Simulator) -> None:
    api.attach(api.order().json()["Id"], "nota.pdf", _PDF)

    assert go.requests[-1]["body"] == {"file": {"name": "nota.pdf", "size": len(_PDF)}}
