"""What goes wrong on demand, seen from a client."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from posplugin.simulator import FAULTS, Simulator


def _logged(go: Simulator) -> tuple[object, object]:
    return go.requests[-1]["status"], go.requests[-1]["acted"]


@pytest.mark.parametrize(("kind", "orders"), [("drop-before", 0), ("drop-after", 1), ("cut", 1)])
def test_the_connection_ends(api: Any, go: Simulator, kind: str, orders: int) -> None:
    go.fault(kind, path="/SalesOrders/Complete", times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        api.order("x")
    assert len(go.orders()) == orders
    assert _logged(go) == (201 if kind == "cut" else None, orders == 1)
    assert api.order("y").status_code == 201


def test_an_empty_answer_cannot_be_cut_and_is_dropped(api: Any, go: Simulator) -> None:
    go.fault("cut")

    with pytest.raises(httpx.RemoteProtocolError):
        api.get("/SalesOrders")


@pytest.mark.parametrize(
    ("kind", "status", "orders"),
    [("429", 429, 0), ("500-before", 500, 0), ("500-after", 500, 1), ("503", 503, 0), ("401", 401, 0), ("404", 404, 0)],
)
def test_another_answer_is_given(api: Any, go: Simulator, kind: str, status: int, orders: int) -> None:
    go.fault(kind, method="post")

    assert api.order().status_code == status
    assert len(go.orders()) == orders
    assert _logged(go) == (status, orders == 1)
    assert api.get("/Customers").status_code == 200


@pytest.mark.parametrize("answer", ["a", "b", "c"])
@pytest.mark.parametrize("kind", ["500-before", "500-after"])
def test_u12_the_body_of_a_failure(api: Any, go: Simulator, kind: str, answer: str) -> None:
    go.switch("U12", answer)
    go.fault(kind)

    failed = api.get("/Customers")
    assert failed.headers.get("Content-Type") == {
        "a": "application/json; charset=utf-8",
        "b": "text/html",
        "c": None,
    }.get(answer)
    assert bool(failed.content) is (answer != "c")


@pytest.mark.parametrize(("kind", "orders"), [("delay-before", 0), ("delay-after", 1)])
def test_a_client_that_gives_up_does_not_know_what_happened(api: Any, go: Simulator, kind: str, orders: int) -> None:
    go.fault(kind, seconds=0.15, times=1)

    with pytest.raises(httpx.ReadTimeout):
        api.http.post("/v2/SalesOrders/Complete", json={"CustomerNo": 10001}, timeout=0.05)
    assert len(go.orders()) == orders
    time.sleep(0.2)
    assert len(go.orders()) == 1


def test_a_dripping_answer_arrives_whole(api: Any, go: Simulator) -> None:
    whole = api.get("/Customers").json()
    go.fault("drip", seconds=0.1)

    start = time.monotonic()
    assert api.get("/Customers").json() == whole
    assert time.monotonic() - start >= 0.1


def test_every_nth_and_n_times_are_counted_over_matching_requests(api: Any, go: Simulator) -> None:
    go.fault("503", path="products", every=2, times=2)

    answers = [api.get(path).status_code for path in ("/Customers", *["/Products"] * 7)]
    assert answers == [200, 200, 503, 200, 503, 200, 200, 200]
    assert [(fault["matched"], fault["hit"]) for fault in go.faults] == [(4, 2)]
    go.clear_faults()
    assert go.faults == []


def test_several_faults_hit_one_request(api: Any, go: Simulator) -> None:
    go.fault("delay-before", seconds=0.01)
    go.fault("503")

    assert api.get("/Products").status_code == 503
    assert go.requests[-1]["faults"] == ["delay-before", "503"]


def test_a_fault_of_no_known_kind_is_refused_with_the_list(go: Simulator) -> None:
    with pytest.raises(ValueError, match=", ".join(FAULTS)):
        go.fault("explode")
    with pytest.raises(ValueError, match="begin at 1"):
        go.fault("503", every=0)
