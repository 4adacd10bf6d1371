"""Starting, stopping, dying; and the desk in Python and over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from posplugin.simulator import SWITCHES, Simulator

_SERVE = """
import sys, pathlib
from posplugin.simulator import Simulator
go = Simulator(pathlib.Path(sys.argv[1])).start()
print(go.url, flush=True)
go.serve_forever()
"""


def test_the_state_survives_stop_and_start_at_the_same_address(tmp_path: Path, connect: Any) -> None:
    go = Simulator(tmp_path / "go.sqlite3", switches={"U3": "b"})
    with go:
        url, api = go.url, connect(go)
        api.order("kept")
        orders = go.orders()
    assert go.orders() == orders
    with pytest.raises(RuntimeError, match="stopped"):
        go.switch("U1", "b")

    with go:
        assert go.url == url
        assert api.get("/SalesOrders").json()[0]["ExternalImportReference"] == "kept"
        assert api.order("kept").status_code == 400
    with Simulator(tmp_path / "go.sqlite3") as again:
        assert again.orders() == orders
        assert again.switches["U3"] == "b"
        assert connect(again).order("next").json()["SalesOrderNo"] == 50002


def test_what_was_answered_survives_a_kill(tmp_path: Path, connect: Any) -> None:
    path = tmp_path / "go.sqlite3"
    with subprocess.Popen([sys.executable, "-c", _SERVE, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()

        class Running:
            pass

        running = Running()
        running.url = url  # type: ignore[attr-defined]
        order = connect(running).order("kept").json()
        os.kill(process.pid, signal.SIGKILL)

    with Simulator(path) as go:
        assert [each["Id"] for each in go.orders()] == [order["Id"]]
        assert connect(go).order("kept").status_code == 400


def test_without_a_path_nothing_is_written_and_a_restart_keeps_it(connect: Any) -> None:
    go = Simulator(None)
    with go:
        connect(go).order()
    with go:
        assert len(go.orders()) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.no"])
def test_other_machines_are_refused(host: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Simulator(None, host=host)


def test_a_simulator_has_no_address_before_it_is_started_and_starts_once() -> None:
    go = Simulator(None)
    with pytest.raises(RuntimeError, match="before it is started"):
        assert go.url
    with go, pytest.raises(RuntimeError, match="already started"):
        go.start()


@pytest.mark.parametrize(("name", "answer"), [("U99", "a"), ("U1", "e")])
def test_unknown_switches_and_answers_are_refused_with_what_exists(go: Simulator, name: str, answer: str) -> None:
    with pytest.raises(ValueError, match="the simulator has U1, U2" if name != "U1" else "it has a: "):
        go.switch(name, answer)
    with pytest.raises(ValueError, match=r"There is no|no answer"):
        Simulator(None, switches={name: answer})


def test_privileges_that_do_not_exist_are_refused(go: Simulator) -> None:
    with pytest.raises(ValueError, match="SalesOrders_Full"):
        go.set_privilege("Nix", True)


def test_switches_over_http(go: Simulator) -> None:
    url = f"{go.url}/simulator/switches"

    assert httpx.get(url).json() == dict.fromkeys(SWITCHES, "a")
    assert httpx.put(url, json={"U1": "b"}).json()["U1"] == "b"
    refused = httpx.put(url, json={"U1": "z"})
    assert refused.status_code == 400
    assert "U1 has no answer 'z'" in refused.json()["error"]
    assert go.switches["U1"] == "b"


def test_faults_over_http(api: Any, go: Simulator) -> None:
    url = f"{go.url}/simulator/faults"

    made = httpx.post(url, json={"kind": "delay-after", "times": 1, "seconds": 0.01}).json()
    assert (made[0]["kind"], made[0]["times"], made[0]["hit"]) == ("delay-after", 1, 0)
    api.get("/Customers")
    assert httpx.get(url).json()[0]["hit"] == 1
    assert httpx.delete(url).json() == []
    wrong: object
    for wrong in ({"kind": "nix"}, {"kind": "503", "x": 1}, {}, [], {"kind": "503", "every": "x"}):
        assert httpx.post(url, json=wrong).status_code == 400


def test_the_desk_over_http(api: Any, go: Simulator) -> None:
    desk = httpx.Client(base_url=f"{go.url}/simulator")
    with desk:
        sent, gone = (api.order(name).json()["Id"] for name in ("sent", "gone"))
        desk.post(f"/orders/{sent}/edit", json={"CustomerReference": "Kari"}).raise_for_status()
        made = desk.post(f"/orders/{sent}/send", json={"total_changed": 0.50}).json()
        assert (made["CustomerReference"], made["TotalAmount"]) == ("Kari", 125.5)
        assert [row["ExternalImportReference"] for row in desk.get("/orders").json()] == ["gone"]
        assert desk.delete(f"/orders/{gone}").json() == []
        assert [row["InvoiceNo"] for row in desk.get("/invoices").json()] == [10001]
        assert desk.post(f"/orders/{gone}/send").status_code == 404
        assert desk.get("/orders", params={"client": "nix"}).status_code == 404

        desk.post("/customers/10001/archive").raise_for_status()
        desk.post("/products/30/archive").raise_for_status()
        assert api.order().status_code == 400
        desk.put("/privileges", json={"Product_Full": False}).raise_for_status()
        api.log_in()
        assert api.get("/Products").status_code == 403
        desk.delete("/tokens").raise_for_status()
        assert api.get("/Customers").status_code == 401
        api.log_in()
        desk.post("/clock", json={"advance": 1201}).raise_for_status()
        assert api.get("/Customers").status_code == 401
        assert desk.get("/requests").json()[-1]["status"] == 401
        assert desk.get("/nix").status_code == 404


def test_the_books_over_http(api: Any, go: Simulator) -> None:
    with httpx.Client(base_url=f"{go.url}/simulator") as desk:
        number = go.send_order(api.order().json()["Id"])["InvoiceNo"]

        assert desk.get("/trial-balance").json() == {"1500": 125, "2700": -25, "3000": -100}
        assert desk.get("/vat-return").json() == {"3": {"base": 100, "vat": 25}}
        assert desk.get("/customer-ledger").json() == {"10001": 125}
        assert [row["AccountNo"] for row in desk.get("/postings").json()] == [1500, 3000, 2700]
        assert desk.post(f"/invoices/{number}/pay", json={"amount": 25}).json()["Balance"] == 100
        assert desk.post(f"/invoices/{number}/pay").json()["Balance"] == 0
        refused = desk.post(f"/invoices/{number}/pay")
        assert (refused.status_code, refused.json()["error"][:13]) == (400, "Invoice 10001")
        assert desk.get("/vouchers").json() == desk.get("/drafts").json() == []


def test_without_flask_the_import_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "flask.py").write_text("raise ModuleNotFoundError('no flask', name='flask')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import posplugin.simulator"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert "ImportError: The simulator needs Flask: pip install 'posplugin[web]'" in done.stderr


def test_the_simulator_imports_nothing_else_of_the_product() -> None:
    code = "import sys, posplugin.simulator; print([m for m in sys.modules if m.startswith('posplugin.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    names = done.stdout.strip("[]\n").replace("'", "").split(", ")
    assert all(name.startswith("posplugin.simulator") for name in names)
