"""`posplugin check` at the terminal and as data: what it prints, how it exits, and in which language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.simulator import Simulator
from posplugin.texts import texts
from tests.integration.cli.conftest import Run


@pytest.fixture
def shop(shop: Run) -> Run:
    """The same till, in bokmål."""
    path = Path("posplugin.toml")
    path.write_text(path.read_text().replace('language = "en"', 'language = "nb"'))
    assert shop("check")[0] == 0
    return shop


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "posplugin.toml"


def _change(config: Path, old: str, new: str) -> None:
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new))


def _json(run: Run, *words: str) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(run("check", "--json", *words)[1])
    return findings


def test_all_that_is_right_is_one_line_each_and_opens_the_gate(shop: Run) -> None:
    code, out, err = shop("check")

    assert code == 0
    assert all(line.startswith("OK  ") for line in out.splitlines())
    assert "OK  forbindelse for bar: Brygga Bistro AS (klient 71401)" in out
    assert "OK  rettighet SalesOrders_Full for bar: å lage fakturautkast" in out
    assert "OK  produkt departments.bar.products.vat_25: 30 Servering" in out
    assert "invoicing.send_amount_excluding_vat = true stemmer med PowerOffice" in out
    assert err.strip() == texts("nb").check.all_right


def test_a_fault_is_its_number_what_where_and_the_remedy(shop: Run, simulator: Simulator) -> None:
    simulator.archive_product("32")
    simulator.set_vat_registered(False)

    code, out, err = shop("check")

    lines = out.splitlines()
    wrong = [at for at, line in enumerate(lines) if not line.startswith(("OK ", "    →"))]
    assert [lines[at].split()[0] for at in wrong] == ["301", "504"]
    assert lines[wrong[1]] == "504 produkt departments.bar.products.vat_12: Produkt 32 er arkivert i PowerOffice."
    assert lines[wrong[1] + 1].startswith("    → Hent det fram igjen under Produkter i PowerOffice")
    assert code == 1
    assert err.startswith("2 av ")


def test_in_english_where_the_terminal_is(shop: Run, config: Path, simulator: Simulator) -> None:
    _change(config, 'language = "nb"', 'language = "en"')
    simulator.archive_product("32")

    _, out, err = shop("check")

    assert "OK  connection for bar: Brygga Bistro AS (client 71401)" in out
    assert "504 product departments.bar.products.vat_12: Product 32 is archived in PowerOffice." in out
    assert "nothing is sent automatically" in err


def test_as_data_every_finding_has_its_fields(shop: Run, simulator: Simulator) -> None:
    simulator.archive_product("32")

    findings = _json(shop)

    assert {tuple(finding) for finding in findings} == {("look", "ok", "number", "fault", "what", "text", "remedy")}
    assert {finding["look"] for finding in findings} <= set(Look)
    [wrong] = [finding for finding in findings if not finding["ok"]]
    assert (wrong["look"], wrong["number"], wrong["fault"]) == ("product", 504, "product_archived")
    assert all(f["number"] is f["fault"] is f["remedy"] is None for f in findings if f["ok"])


def test_without_a_draft_nothing_is_posted(run: Run, config: Path, simulator: Simulator) -> None:
    words = ("--terminal", "till-1", "--department", "bar", "--mode", "simulator")
    run("init", *words, "--simulator-url", simulator.url)
    run("customers", "sync")

    [wrong] = [finding for finding in _json(run, "--no-draft") if not finding["ok"]]

    assert wrong["number"] == Fault.PRICES_NOT_MEASURED.value
    assert not [entry for entry in simulator.requests if entry["path"] == "/v2/SalesOrders/Complete"]
    assert run("check")[0] == 0
    assert run("check", "--no-draft")[0] == 0


def test_a_proxy_that_cannot_be_used_is_one_finding_among_the_others(
    shop: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(config, 'endpoint_mode = "simulator"', 'endpoint_mode = "test"')
    monkeypatch.setenv("HTTPS_PROXY", "socks5://u:Zq7-password@127.0.0.1:1080")

    code, out, err = shop("check", "--no-draft")

    (told,) = (line for line in out.splitlines() if line.startswith("201 "))
    assert "OK  utboks" in out
    assert "kan ikke nås: mellomtjeneren (proxy) i HTTPS_PROXY" in told
    assert (code, "Zq7" in out + err) == (1, False)


def test_settings_that_cannot_be_read_are_a_fault_by_number_and_exit_2(shop: Run, config: Path) -> None:
    """Told once, each on a line of its own, in the language that stands in the file all the same."""
    _change(config, 'vat_reported_by = "invoice"', 'vat_reported_by = "both"')
    _change(config, 'time = "06:00"', 'time = "02:30"')

    code, out, err = shop("check")

    assert (code, err) == (2, "")
    first, *lines, remedy = out.splitlines()
    assert first == "101 innstillinger: Innstillingene kan ikke leses:"
    assert [line.split()[1] for line in lines] == ["schedule.time:", "invoicing.vat_reported_by:"]
    assert lines[1].endswith('"both" kan ikke brukes: bruk "invoice" eller "settlement"')
    assert remedy.strip().startswith("→ Rett det")
    assert shop("status")[2].startswith('innstillinger: schedule.time: "02:30" kan ikke brukes')
    assert [finding["fault"] for finding in _json(shop)] == ["settings_unreadable"]


def test_an_outbox_that_cannot_be_opened_is_a_fault_by_number_and_exit_1(shop: Run, config: Path) -> None:
    _change(config, 'path = "outbox.sqlite3"', 'path = "."')

    code, out, _ = shop("check")

    assert (code, out.split()[0]) == (1, str(Fault.OUTBOX_NOT_OPENED.value))


def test_what_is_told_of_customers_is_no_fault(shop: Run, config: Path) -> None:
    _change(config, 'require_reference = "ehf"', 'require_reference = "companies"')

    code, out, _ = shop("check")

    assert code == 0
    assert "OK  kunder uten mva for bar: 1, som kassen sier nei til: 10007 Den Lille Ambassade" in out
    assert "OK  kunder som må gi referanse for bar: 7, ved hvert kjøp" in out


def test_markup_in_what_poweroffice_says_is_printed_as_it_is(shop: Run, simulator: Simulator) -> None:
    simulator.change("product", "Code", "30", Name="[red]Servering[/]")

    assert "30 [red]Servering[/] → konto 3000" in shop("check")[1]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_could_not_be_asked_is_said_to_prove_nothing(
    shop: Run, config: Path, simulator: Simulator, language: str
) -> None:
    """And not that nothing is sent: the gate is as it was."""
    _change(config, 'language = "nb"', f'language = "{language}"')
    simulator.fault("503", path="/VatSettings")

    code, out, err = shop("check")

    assert (code, "201 " in out) == (1, True)
    assert err.strip() == texts(language).check.nothing_proven


def test_an_outage_beside_a_fault_is_counted(
    shop: Run, config: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(config, "attach_receipt = false", "attach_receipt = true")
    monkeypatch.setattr("posplugin.checking.machine.find_spec", lambda _: None)
    simulator.fault("503", path="/VatSettings")

    assert shop("check")[2].startswith("2 av ")


def test_where_the_simulator_does_not_answer_it_is_said_how_to_start_it(
    shop: Run, config: Path, simulator: Simulator
) -> None:
    """By every command that asks it."""
    port = simulator.url.rpartition(":")[2]
    simulator.stop()

    told = [shop("check")[1], shop("customers", "sync")[2]]

    assert all(f"start den med `posplugin simulator --port {port}`" in each for each in told)


def test_codes_that_would_do_are_named_as_people_do(shop: Run, simulator: Simulator) -> None:
    simulator.change("product", "Code", "34", StandardSalesAccount=3000)

    assert "Gi produktet en konto med mva-kode 0 eller 7 under Produkter" in shop("check")[1]
