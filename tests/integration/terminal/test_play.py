"""A file is played through the checkout, once, whatever is refused and whatever crashes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from posplugin.domain.payment import PaymentRef, Terminal
from posplugin.domain.sale import INVOICE
from posplugin.domain.zreport import ZReport
from posplugin.saft import CustomerNumbers, RegisterRule, SaftError, SaftRules
from posplugin.saft.entries import Event
from sample_terminal.__main__ import main
from sample_terminal.fake_invoicing import FakeInvoicing
from sample_terminal.journal import Journal
from sample_terminal.play import Show, play
from sample_terminal.rule_files import sold
from sample_terminal.saft_xml import Document, RegisterLog, to_xml
from sample_terminal.tally import Tally

ROOT = Path(__file__).parents[3]
EVENING = ROOT / "sample_terminal/data/evening.xml"
RULES = ROOT / "sample_terminal/data/rules"
SHARED = ROOT.parent / "shared/saf-t"
POWEROFFICE = SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE)


@dataclass
class Roll:
    """A printer that keeps what it printed."""

    papers: list[str] = field(default_factory=list)

    def print(self, paper: str) -> None:
        self.papers.append(paper)


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return Show(
        file=EVENING,
        journal=tmp_path / "journal.sqlite3",
        terminal=Terminal(terminal_id="bar-1", department="bar"),
        rules=POWEROFFICE,
    )


def played(show: Show, plugin: FakeInvoicing) -> Tally:
    return play(replace(show, load=plugin.load))


def test_the_evening_is_played_and_what_is_refused_is_named(show: Show) -> None:
    plugin = FakeInvoicing()
    said: list[str] = []

    tally = played(replace(show, say=said.append), plugin)

    assert [(sale.customer, sale.code) for sale in tally.refused] == [
        ("10001", "reference_required"),
        (None, "customer_required"),
        ("99999", "customer_unknown"),
        ("10006", "customer_archived"),
        ("10007", "customer_vat_free"),
        ("10002", "tip_not_allowed"),
    ]
    assert said == [f"refused {sale}" for sale in tally.refused]
    assert (tally.played, tally.already_played, tally.unconfirmed) == (34, 0, 0)
    assert tally.skipped == {"training": 1, "voided": 2, "not_a_sale": 4}
    assert channels_of(plugin) == {INVOICE}
    assert len(plugin.captured) == 11


def test_the_z_holds_what_was_paid_at_the_till_and_names_what_is_to_be_invoiced(show: Show) -> None:
    plugin = FakeInvoicing()

    tally = played(show, plugin)

    report = plugin.days[26324]
    assert tally.z_reports == [26324]
    assert report.business_date.isoformat() == "2026-11-20"
    assert refs(report) == set(plugin.captured)
    taken = {tender.channel: tender.expected for tender in report.cash.tenders}
    assert taken == {channel: amount for channel, amount in tally.tenders.items() if channel != INVOICE}
    assert sum(group.amount for group in report.cash.groups) == tally.sales - tally.tenders[INVOICE]


def test_the_z_tells_what_was_counted_and_what_was_put_in_and_taken_out(show: Show) -> None:
    """The float is not in it: 2697.00 of sales, 500.00 put in, 3000.00 taken out, and 35.00 missing."""
    plugin = FakeInvoicing()

    played(show, plugin)

    report = plugin.days[26324]
    cash = next(tender for tender in report.cash.tenders if tender.channel == "cash")
    assert (cash.expected, cash.counted) == (269700, 269700 + 50000 - 300000 - 3500)
    assert [(moved.kind, moved.saft_code, moved.amount) for moved in report.movements] == [
        ("INNSKUDD", "11011", 50000),
        ("UTTAK", "11010", -300000),
    ]


def test_the_z_names_the_tax_authoritys_codes(show: Show) -> None:
    plugin = FakeInvoicing()

    played(show, plugin)

    cash = plugin.days[26324].cash
    assert {group.article_group: group.saft_code for group in cash.groups}["110"] == "04007"
    assert {tender.channel: tender.saft_code for tender in cash.tenders} == {
        "card": "12002",
        "cash": "12001",
        "gift_card": "12005",
        "mobile": "12011",
    }
    assert all(group.saft_code for group in cash.groups)


def test_the_z_is_printed_with_the_files_number_and_business(show: Show, tmp_path: Path) -> None:
    file = tmp_path / "other.xml"
    file.write_text(EVENING.read_text(encoding="utf-8").replace("Bryggekroa AS", "Kroa i Nord AS"), encoding="utf-8")
    roll = Roll()

    played(replace(show, file=file, printer=roll), FakeInvoicing())

    paper = roll.papers[-1]
    assert [line.strip() for line in paper.splitlines()[3:5]] == ["Z-RAPPORT nr 26324", "Kroa i Nord AS"]
    assert re.search(r"Annulleringer +1 +528,00", paper)
    assert re.search(r"Trening +1 +189,00", paper)


def test_a_z_without_a_number_has_the_files_text_and_one_that_is_none_the_tills_own(show: Show, tmp_path: Path) -> None:
    plugin, said = FakeInvoicing(), list[str]()
    for name, report_id in (("text", "A-7"), ("nought", "0"), ("huge", "9" * 30)):
        file = tmp_path / f"{name}.xml"
        text = (RULES / "two_registers.xml").read_text(encoding="utf-8")
        text = text.replace("<reportID>1</reportID>", f"<reportID>{report_id}</reportID>")
        file.write_text(text.replace("<reportID>2</reportID>", f"<reportID>{name}-2</reportID>"), encoding="utf-8")
        played(replace(show, file=file, journal=tmp_path / name, say=said.append), plugin)

    assert list(plugin.days) == ["A-7", "text-2", "E1", "nought-2", "huge-2"]
    assert said == [f"register BAR-1, Z {name}: closed as Z E1" for name in ("0", "9" * 30)]


def test_two_registers_that_number_alike_do_not_share_a_z(show: Show, tmp_path: Path) -> None:
    plugin, said = FakeInvoicing(), list[str]()
    file = tmp_path / "alike.xml"
    text = (RULES / "two_registers.xml").read_text(encoding="utf-8")
    file.write_text(text.replace("<reportID>2</reportID>", "<reportID>1</reportID>"), encoding="utf-8")
    alike = replace(show, file=file, say=said.append)

    assert played(alike, plugin).z_reports == [1, "E1"]
    assert played(alike, plugin).z_reports == []
    assert said == ["register BAR-2, Z 1: closed as Z E1"]


def test_a_sale_of_the_next_day_that_stands_before_a_z_is_not_in_it(show: Show, tmp_path: Path) -> None:
    plugin = FakeInvoicing()
    hours = [datetime(2026, 11, 20, hour, 0) for hour in range(12, 16)]  # noqa: DTZ001  # as in a file
    sales = [sold(nr, "1 suppe", "card", at=hours[hour]) for nr, hour in ((1, 0), (2, 2), (3, 0))]
    closings = [
        Event(register_id="BAR-1", event_id=f"Z{number}", kind="Z", at=at, report_id=str(number))
        for number, at in ((1, hours[1]), (2, hours[3]))
    ]
    file = tmp_path / "mixed.xml"
    log = RegisterLog(register_id="BAR-1", events=closings, transactions=sales)
    file.write_bytes(to_xml(Document(day=hours[0].date(), registers=[log])))

    played(replace(show, file=file), plugin)

    assert {number: report.cash.sold for number, report in plugin.days.items()} == {1: 37800, 2: 18900}


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_till_killed_at_the_z_hands_it_over_when_it_plays_again(show: Show, handed_over: bool) -> None:
    """Killed once the Z is on disk and before a plugin has it; or once it has it and before the till noted so."""
    crash = f"""
import os
from pathlib import Path
from sample_terminal.fake_invoicing import FakeInvoicing
from posplugin.saft import CustomerNumbers, SaftRules
from posplugin.domain.payment import Terminal
from sample_terminal.journal import Journal
from sample_terminal.play import Show, play
class Printer:
    def print(self, paper):
        if "Z-RAPPORT" in paper and not {handed_over}:
            os._exit(9)
Journal.z_sent = lambda *_: os._exit(9)
play(Show(file=Path({str(EVENING)!r}), journal=Path({str(show.journal)!r}), printer=Printer(),
     rules=SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE),
     terminal=Terminal(terminal_id="bar-1", department="bar"), load=FakeInvoicing().load))
"""
    killed = subprocess.run([sys.executable, "-c", crash], cwd=ROOT, check=False, timeout=60)
    plugin, roll = FakeInvoicing(), Roll()

    tally = played(replace(show, printer=roll), plugin)

    assert killed.returncode == 9
    assert (tally.played, tally.z_reports, tally.unconfirmed) == (0, [], 0)
    assert plugin.log[0] == "day 26324"
    assert list(plugin.days) == [26324]
    assert (len(refs(plugin.days[26324])), plugin.days[26324].cash.tenders[1].counted) == (11, 16200)
    assert roll.papers == []


def test_playing_the_same_file_again_changes_nothing(show: Show) -> None:
    plugin = FakeInvoicing()
    first = played(show, plugin)
    before = dict(plugin.captured), dict(plugin.days)

    second = played(show, plugin)

    assert (second.played, second.already_played) == (0, first.played)
    assert second.z_reports == []
    assert (second.sales, second.tenders, second.vat) == (first.sales, first.tenders, first.vat)
    assert (dict(plugin.captured), dict(plugin.days)) == before


def test_a_refused_sale_is_played_once_its_customer_has_been_mended(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = FakeInvoicing()
    played(show, plugin)
    monkeypatch.setattr("sample_terminal.fake_invoicing.REFUSED", {})

    again = played(show, plugin)

    assert (again.played, again.z_reports) == (3, ["E1"])
    first, second = plugin.days[26324], plugin.days["E1"]
    assert len(refs(second)) == 3
    assert second.business_date == first.business_date
    assert (second.movements, second.cash.tenders) == ((), ())
    assert played(show, plugin).z_reports == []
    assert {ref.tender_id for ref in plugin.captured} == {"1", "1.2"}


def test_without_a_plugin_the_invoice_sales_are_refused_by_name_and_the_rest_is_played(show: Show) -> None:
    tally = played(show, FakeInvoicing(channel="other"))

    assert tally.played == 23
    assert {sale.code for sale in tally.refused} == {"unknown_channel"}
    with Journal(show.journal) as journal:
        assert not any(t.channel == INVOICE for sale in journal.open_sales("bar-1") for t in sale.tenders)


def test_an_invoice_sale_without_a_customer_is_never_final(show: Show) -> None:
    plugin = FakeInvoicing()

    tally = played(replace(show, file=RULES / "missing_customer.xml"), plugin)

    assert [sale.code for sale in tally.refused] == ["customer_required"]
    assert plugin.log == []
    with Journal(show.journal) as journal:
        assert journal.open_sales("bar-1") == []


def test_what_was_not_captured_is_captured_when_the_file_is_played_again(show: Show) -> None:
    plugin = FakeInvoicing(captures=False)
    first = played(show, plugin)
    plugin.captures = True

    second = played(show, plugin)

    assert (first.unconfirmed, second.unconfirmed) == (11, 0)
    assert len(plugin.captured) == 11


def test_a_till_killed_in_the_middle_goes_on_where_it_was(show: Show) -> None:
    crash = f"""
import os
from pathlib import Path
from dataclasses import replace
from sample_terminal.fake_invoicing import FakeInvoicing
from posplugin.saft import CustomerNumbers, SaftRules
from posplugin.domain.payment import Terminal
from sample_terminal.play import Show, play
class Printer:
    left = 9
    def print(self, paper):
        self.left -= 1
        if not self.left:
            os._exit(9)
play(Show(file=Path({str(EVENING)!r}), journal=Path({str(show.journal)!r}), printer=Printer(),
     rules=SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE),
     terminal=Terminal(terminal_id="bar-1", department="bar"), load=FakeInvoicing().load))
"""
    killed = subprocess.run([sys.executable, "-c", crash], cwd=ROOT, check=False, timeout=60)
    plugin = FakeInvoicing()

    tally = played(show, plugin)

    assert killed.returncode == 9
    assert tally.already_played > 0
    assert tally.played + tally.already_played == 34
    assert tally.unconfirmed == 0
    report = plugin.days[26324]
    assert len(refs(report)) == 11
    assert [movement.amount for movement in report.movements] == [50000, -300000]
    assert sum(group.amount for group in report.cash.groups) == tally.sales - tally.tenders[INVOICE]


def test_two_registers_without_rules_are_one_tills_and_share_no_sale_id(show: Show) -> None:
    plugin = FakeInvoicing()

    tally = played(replace(show, file=RULES / "two_registers.xml"), plugin)

    assert (tally.played, tally.z_reports) == (2, [1, 2])
    assert [sum(t.expected for t in report.cash.tenders) for report in plugin.days.values()] == [18900, 18900]


def test_a_register_of_another_terminal_is_left_to_it(show: Show) -> None:
    rules = replace(POWEROFFICE, registers={"BAR-2": RegisterRule(terminal="bar-2")})

    tally = played(replace(show, file=RULES / "two_registers.xml", rules=rules), FakeInvoicing())

    assert (tally.played, tally.skipped["other_terminal"], tally.z_reports) == (1, 1, [1])


@pytest.mark.skipif(not SHARED.exists(), reason="the tax authority's files are not beside this checkout (../shared)")
def test_the_tax_authoritys_example_gives_its_golden_figures(show: Show) -> None:
    plugin = FakeInvoicing()

    tally = played(replace(show, file=next(SHARED.glob("Example*.xml"))), plugin)

    assert (tally.played, tally.sales, tally.rounding) == (4, 51420, -40)
    assert tally.tenders == {"cash": 29500, "card": 21880}
    assert {rate: vat for rate, vat in tally.vat.items() if vat} == {15: 1342, 25: 8228}
    cash = plugin.days[1].cash
    assert {rate: sum(g.amount for g in cash.groups if g.vat_rate == rate) for rate in (15, 25)} == {
        15: 10280,
        25: 41140,
    }
    assert sum(group.vat for group in cash.groups) == 1342 + 8228


def test_a_file_that_breaks_off_plays_nothing(show: Show, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_bytes(EVENING.read_bytes()[:-3000])
    plugin = FakeInvoicing()

    with pytest.raises(SaftError, match="not whole XML"):
        played(replace(show, file=broken), plugin)

    assert plugin.log == []
    assert not show.journal.exists()


class TestCommand:
    def test_it_prints_data_on_stdout_and_names_on_stderr(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("POSPLUGIN_CONFIG", raising=False)
        monkeypatch.setenv("POSPLUGIN_CONFIG", "restored afterwards")
        config = tmp_path / "posplugin.toml"
        config.write_text('[terminal]\nid = "bar-9"\ndepartment = "bar"\n[saft]\ncustomer_numbers = "poweroffice"\n')
        plugin = FakeInvoicing()

        code = main(
            ["play", str(EVENING), "--config", str(config), "--journal", str(tmp_path / "j"), "--json"], plugin.load
        )

        out, err = capsys.readouterr()
        assert code == 3
        assert json.loads(out)["played"] == 34
        assert err.count("refused") == 6
        assert {ref.terminal_id for ref in plugin.captured} == {"bar-9"}

    @pytest.mark.parametrize(
        ("file", "code"), [("invoice_payment", 0), ("cash_sale_on_account", 3), ("file_in_euro", 1), ("none", 1)]
    )
    def test_its_exit_code_tells_what_became_of_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, code: int
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("POSPLUGIN_CONFIG", raising=False)

        assert main(["play", str(RULES / f"{file}.xml")], FakeInvoicing().load) == code

    def test_settings_that_cannot_be_used_are_a_usage_error(self, tmp_path: Path) -> None:
        config = tmp_path / "posplugin.toml"
        config.write_text('[saft]\ncustomer_numbers = "both"\n')

        assert main(["play", str(EVENING), "--config", str(config)], FakeInvoicing().load) == 2

    def test_evening_and_rules_write_files(self, tmp_path: Path) -> None:
        assert main(["evening", str(tmp_path / "e.xml"), "--date", "2027-01-02"]) == 0
        assert main(["rules", str(tmp_path / "rules")]) == 0
        assert "2027-01-02" in (tmp_path / "e.xml").read_text(encoding="utf-8")
        assert len(list((tmp_path / "rules").iterdir())) == len(list(RULES.iterdir()))


def refs(report: ZReport) -> set[PaymentRef]:
    assert report.invoiced is not None
    return set(report.invoiced)


def channels_of(plugin: FakeInvoicing) -> set[str]:
    return {request.tender.channel for request in plugin.captured.values()}
