"""docs/simulator.md is held to the simulator: what stands there, each switch and fault, each line that is typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import httpx
import pytest

from posplugin.app import App
from posplugin.settings.new_file import Answers, new_file
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, FAULTS, SUBSCRIPTION_KEY, SWITCHES, Simulator, chart, seed

PAGE = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()
TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.S)[0]
TYPED = [line for line in re.findall(r"```sh\n(.*?)```", PAGE, re.S)[-1].replace("\\\n", "").splitlines() if line]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


@pytest.mark.parametrize("name", SWITCHES)
def test_each_switch_is_there_with_its_answers(name: str) -> None:
    told = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
    assert [cell.strip() for cell in told.strip("|").split(" | ")[1:]][: len(SWITCHES[name])] == [
        *SWITCHES[name].values()
    ]


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_is_there(kind: str) -> None:
    assert _row(f"`{kind}`", FAULTS[kind]) in PAGE


def test_what_stands_there_from_the_start() -> None:
    assert re.findall(r"^\| (\d{5}) (.+?) \|", PAGE, re.M) == [(str(one.number), one.name) for one in seed._KNOWN]
    assert all(key in PAGE for key in (APPLICATION_KEY, SUBSCRIPTION_KEY, CLIENT_KEY, seed.SECOND_CLIENT_KEY))
    products = set(re.findall(r'[`"](\d{1,2})[`"]', PAGE))
    assert {product.code for product in chart.PRODUCTS} <= products


@pytest.mark.parametrize("line", TYPED)
def test_each_line_can_be_typed(line: str) -> None:
    words = iter(shlex.split(line)[1:])
    method, body, url = "GET", b"", ""
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-d":
                body = next(words).encode()
            case _:
                url = word
    with Simulator(None) as go:
        answer = httpx.request(method, url.replace("http://127.0.0.1:8900", go.url), content=body)
        assert answer.status_code == 200, answer.text


def test_with_the_clearing_account_as_on_the_page_the_set_up_is_right(tmp_path: Path) -> None:
    path = tmp_path / "posplugin.toml"
    with Simulator(None) as go:
        answers = Answers(
            terminal_id="till-1",
            department="bar",
            department_code="10",
            endpoint_mode="simulator",
            simulator_url=go.url,
            application_key=APPLICATION_KEY,
            subscription_key=SUBSCRIPTION_KEY,
            client_key=CLIENT_KEY,
        )
        new_file(path, answers)
        text = path.read_text().replace('vat_reported_by = "invoice"', 'vat_reported_by = "settlement"')
        path.write_text(text[: text.index("[departments.bar.products]")] + TOML)
        with App.open(path) as app:
            app.sync_customers(everything=True)
            assert [finding for finding in app.office().check(draft=True) if finding.fault] == []
