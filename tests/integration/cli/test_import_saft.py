"""`posplugin settlement import-saft`: any till's days, each posted once, whichever way and however often they come."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from posplugin.domain.payment import Terminal
from posplugin.saft import SaftRules
from posplugin.simulator import Simulator
from sample_terminal.evening import evening_xml
from sample_terminal.play import Show, play
from sample_terminal.rule_files import sold
from sample_terminal.saft_xml import Document, RegisterLog, to_xml
from tests.unit.saft.day_files import z

Run = Callable[..., tuple[int, str, str]]

EXAMPLE = Path(__file__).parents[4] / "shared/saf-t/ExampleFile_SAF-T_Cash_Register_999999999_20210330104000.xml"
_SALES = '{{ article_group = "*", vat = {}, account = {}, vat_code = "{}" }}'
LEDGER = f"""
[ledger]
gratuity = 2981
gift_card = 2901
rounding = 7745
cash_difference = 7746
tenders = {{ cash = 1900, card = 1580, mobile = 1580 }}
movements = {{ 11010 = 1920, 11011 = 1920 }}
sales = [
  {_SALES.format(25, 3000, 3)},
  {_SALES.format(15, 3001, 31)},
  {_SALES.format(12, 3002, 33)},
]
"""
#: A till whose host knows nothing of Faktura.
NO_INVOICES = ("enabled = true  # whether the till offers Faktura", "enabled = false")
OFF = ("# enabled = true  # absent: as soon", "enabled = false  # absent: as soon")
#: The evening's cash sales, øre.
SOLD = 1882610


@pytest.fixture
def till(shop: Run, tmp_path: Path) -> Run:
    """A till that settles, with an evening's file beside it."""
    change(tmp_path, ("", ""), more=LEDGER)
    (tmp_path / "evening.xml").write_bytes(evening_xml())
    return shop


def change(folder: Path, *changes: tuple[str, str], more: str = "") -> None:
    path = folder / "posplugin.toml"
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text + more)


def standing(run: Run) -> dict[str, str]:
    """Return the settlements' status by Z."""
    _, out, _ = run("outbox", "list", "--json", "--limit", "1000")
    return {record["receipt"]: record["status"] for record in json.loads(out) if record["kind"] == "settlement"}


def the_evening_is_played(folder: Path) -> None:
    """Ring the evening up at a till that has our hooks, and close its day."""
    settings = folder / "posplugin.toml"
    show = Show(
        file=folder / "evening.xml",
        journal=folder / "journal.sqlite3",
        terminal=Terminal(terminal_id="till-1", department="bar"),
        rules=SaftRules.from_settings(settings),
    )
    assert play(show).z_reports == [26324]


def vouchers(simulator: Simulator) -> list[str]:
    return [voucher["Description"] for voucher in simulator.vouchers() if voucher["ExternalImportReference"]]


def test_a_file_is_posted_once_however_often_it_is_imported(till: Run, tmp_path: Path, simulator: Simulator) -> None:
    """Also after it has been posted; the books hold the day once."""
    change(tmp_path, NO_INVOICES)

    code, out, err = till("settlement", "import-saft", "evening.xml")
    assert (code, "26324" in out, "taken" in out) == (0, True, True)
    assert "1 new, 0 already there, 0 with a problem" in err
    assert "Receipts on account, which are not posted here since invoicing is off: 17." in err
    assert standing(till) == {"Z 26324": "pending"}

    assert till("settlement", "import-saft", "evening.xml")[0] == 0
    assert till("send")[0] == 0
    code, out, _ = till("settlement", "import-saft", "evening.xml")
    assert (code, "already there" in out) == (0, True)
    assert till("send")[0] == 0

    assert standing(till) == {"Z 26324": "delivered"}
    assert vouchers(simulator) == ["Settlement Z 26324, till-1"]
    sold = -sum(simulator.trial_balance()[account] for account in (3000, 3001, 3002, 2700, 2701, 2702))
    assert sold == Decimal(SOLD - 50000) / 100  # a gift card of 500 is no turnover


def test_the_same_day_by_hook_and_by_file_is_posted_once(
    till: Run, tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(tmp_path / "posplugin.toml"))
    the_evening_is_played(tmp_path)

    code, out, _ = till("settlement", "import-saft", "evening.xml")
    assert (code, "already there" in out) == (0, True)
    assert till("send")[0] == 0

    assert vouchers(simulator) == ["Settlement Z 26324, till-1"]


def test_the_same_day_by_file_and_then_by_hook_is_posted_once(
    till: Run, tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The till hands its own Z over, in its own detail, and is told that it is kept."""
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(tmp_path / "posplugin.toml"))
    assert till("settlement", "import-saft", "evening.xml")[0] == 0
    the_evening_is_played(tmp_path)

    assert till("send")[0] == 0

    assert standing(till) == {"Z 26324": "delivered"}
    assert vouchers(simulator) == ["Settlement Z 26324, till-1"]


def test_sales_on_account_that_nobody_handed_over_are_named_before_anything_is_posted(
    till: Run, simulator: Simulator
) -> None:
    """With invoicing on, the file's invoiced sales must be ours: else they would be invoiced by nobody."""
    assert till("settlement", "import-saft", "evening.xml")[0] == 0
    code, _, err = till("send")

    assert code == 3
    assert "in the Z, and not here: till-1/BAR-1-261120008/1" in err
    assert vouchers(simulator) == []


@pytest.mark.skipif(not EXAMPLE.exists(), reason="needs the tax authority's example, which is beside the checkout")
def test_the_tax_authoritys_example_to_the_ore(till: Run, tmp_path: Path, simulator: Simulator) -> None:
    """Cash 295.00, card 218.80, rounding 0.40; of 102.80 at 15 % PowerOffice makes VAT of 13.41, the till 13.42."""
    change(tmp_path, NO_INVOICES)
    simulator.set_lock_date(None)

    assert till("settlement", "import-saft", str(EXAMPLE))[0] == 0
    _, preview, _ = till("settlement", "preview")
    assert till("send")[0] == 0

    kroner = {account: str(amount) for account, amount in simulator.trial_balance().items()}
    assert kroner == {
        1900: "295.00",
        1580: "218.80",
        7745: "0.40",
        3001: "-89.39",
        2701: "-13.41",
        3000: "-329.12",
        2700: "-82.28",
    }
    assert "13,42" in preview
    assert "13,41" in preview


def test_what_cannot_be_mapped_is_named_before_anything_is_taken(till: Run, tmp_path: Path) -> None:
    """Every account that is missing, at once; with them in the settings the same command goes on."""
    lacks = (f"  {_SALES.format(12, 3002, 33)},\n", "")
    change(tmp_path, lacks, (", mobile = 1580", ""), NO_INVOICES)

    code, _, err = till("settlement", "import-saft", "evening.xml")

    assert code == 1
    assert 'ledger.tenders has no account for "mobile" (12011) (Z 26324 needs it first)' in err
    assert 'ledger.sales has no row for article group "160" (04021) at 12 %' in err
    assert "Nothing was taken: write what is missing in the settings, and import again." in err
    assert standing(till) == {}

    change(tmp_path, ("card = 1580 }", "card = 1580, mobile = 1580 }"), ("sales = [\n", "sales = [\n" + lacks[0]))
    assert till("settlement", "import-saft", "evening.xml")[0] == 0
    assert standing(till) == {"Z 26324": "pending"}


def test_a_file_whose_own_totals_differ_is_not_believed(till: Run, tmp_path: Path) -> None:
    """The Z says one thing and its transactions another: named with both, and the rest is taken only when asked for."""
    change(tmp_path, NO_INVOICES)
    text = evening_xml().decode()
    total = text.rindex("<totalCashSaleAmnt>")
    ends = text.index("</totalCashSaleAmnt>", total)
    (tmp_path / "wrong.xml").write_text(text[:total] + "<totalCashSaleAmnt>99999.00" + text[ends:])

    code, out, err = till("settlement", "import-saft", "wrong.xml")
    assert (code, "problem" in out) == (1, True)
    assert "total cash sales is 99 999,00 in its own report" in err.replace("\u00a0", " ")
    assert "Nothing was taken: mend that first, or give --leave-out-problems." in err

    assert till("settlement", "import-saft", "wrong.xml", "--leave-out-problems")[0] == 3
    assert standing(till) == {}


def test_one_day_under_two_numbers_is_not_posted_twice(till: Run, tmp_path: Path) -> None:
    """A till that numbers its Z reports otherwise in the file than by the hook."""
    change(tmp_path, NO_INVOICES)
    (tmp_path / "other.xml").write_text(evening_xml().decode().replace(">26324<", ">17<"))
    assert till("settlement", "import-saft", "evening.xml")[0] == 0

    code, _, err = till("settlement", "import-saft", "other.xml")

    assert code == 1
    assert "Z 17: it has the same sums as Z 26324, which closed at the same time and is here already" in err
    assert standing(till) == {"Z 26324": "pending"}


def test_two_days_may_have_the_same_sums(till: Run, tmp_path: Path) -> None:
    """A quiet Monday and a quiet Tuesday, each in a file of its own."""
    change(tmp_path, NO_INVOICES)
    (tmp_path / "next.xml").write_bytes(evening_xml(date(2026, 11, 21)))
    assert till("settlement", "import-saft", "evening.xml")[0] == 0

    assert till("settlement", "import-saft", "next.xml")[0] == 0

    assert standing(till) == {"Z 26324": "pending", "Z 26325": "pending"}


def test_a_z_that_came_before_with_other_sums_is_told(till: Run, tmp_path: Path) -> None:
    change(tmp_path, NO_INVOICES)
    (tmp_path / "later.xml").write_text(evening_xml(date(2026, 11, 21)).decode().replace(">26325<", ">26324<"))
    text = evening_xml().decode().replace(">KASSEDIFF<", ">INNSKUDD<")
    (tmp_path / "changed.xml").write_text(text)
    assert till("settlement", "import-saft", "evening.xml")[0] == 0

    code, _, err = till("settlement", "import-saft", "changed.xml")

    assert code == 1
    assert "Z 26324 came before, with other sums: money put in and taken out" in err
    assert standing(till) == {"Z 26324": "pending"}


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        (("--from", "2026-11-20", "--to", "2026-11-20"), True),
        (("--to", "2026-11-19"), False),
        (("--from", "2026-11-21"), False),
        (("--dry-run",), False),
    ],
    ids=lambda told: " ".join(told) if isinstance(told, tuple) else "",
)
def test_only_the_days_asked_for_are_taken(till: Run, tmp_path: Path, words: tuple[str, ...], taken: bool) -> None:
    change(tmp_path, NO_INVOICES)

    assert till("settlement", "import-saft", "evening.xml", *words)[0] == 0

    assert bool(standing(till)) is taken


NIGHTS = [datetime(2026, 10, 31, 2, 30), datetime(2026, 11, 1, 2, 30)]  # noqa: DTZ001  # a file's times are naive


def written(path: Path, *, first: int, with_day_4: bool = False) -> None:
    """Write a file that begins with a receipt of the day of Z 5, of five, or with Z 4 and a receipt of its day."""
    hours = [timedelta(hours=hour) for hour in range(first, 6)]
    of_day_5 = [
        sold(10 + n, "1 suppe", "card", at=NIGHTS[1] - timedelta(hours=6) + hour) for n, hour in enumerate(hours)
    ]
    of_day_4 = [sold(1, "1 suppe", "card", at=NIGHTS[0] - timedelta(hours=1))] if with_day_4 else []
    events = [z(NIGHTS[0], 4), z(NIGHTS[1], 5)] if with_day_4 else [z(NIGHTS[1], 5)]
    log = RegisterLog(register_id="BAR-1", events=events, transactions=[*of_day_4, *of_day_5])
    path.write_bytes(to_xml(Document(day=NIGHTS[0].date(), registers=[log])))


def test_a_file_that_may_begin_in_the_middle_of_a_day_is_not_taken_for_that_day(till: Run, tmp_path: Path) -> None:
    """The first Z of a register that has no figures to be held against; those after it are whole."""
    change(tmp_path, NO_INVOICES)
    written(tmp_path / "november.xml", first=3)
    written(tmp_path / "day-before-too.xml", first=1, with_day_4=True)
    written(tmp_path / "same-day.xml", first=1)

    code, _, err = till("settlement", "import-saft", "november.xml")
    assert (code, standing(till)) == (1, {})
    assert (
        "Z 5 is the first of register BAR-1 in this file, and has no figures of its own: receipts from before the file "
        "begins may be missing; export from a day earlier, and give --from 2026-10-31\n"
    ) in err
    assert till("settlement", "import-saft", "november.xml", "--from", "2026-11-01")[0] == 0

    assert till("settlement", "import-saft", "day-before-too.xml")[0] == 1
    assert till("settlement", "import-saft", "day-before-too.xml", "--from", "2026-10-31")[0] == 0
    assert standing(till) == {"Z 5": "pending"}
    code, out, _ = till("settlement", "import-saft", "same-day.xml")
    assert (code, "already there" in out) == (0, True)


def test_days_before_enabled_since_are_left_out(till: Run, tmp_path: Path) -> None:
    """They were booked by hand."""
    change(tmp_path, NO_INVOICES, ("# enabled_since = 2026-11-01", "enabled_since = 2026-11-21"))

    _, _, err = till("settlement", "import-saft", "evening.xml")

    assert "1 outside the period" in err
    assert standing(till) == {}


def test_what_was_found_as_data(till: Run, tmp_path: Path) -> None:
    change(tmp_path, NO_INVOICES)

    code, out, _ = till("settlement", "import-saft", "evening.xml", "--json", "--dry-run")
    told = json.loads(out)

    assert (code, told["taken"], told["missing"]) == (0, False, [])
    (day,) = told["days"]
    assert (day["verdict"], day["z"], day["number"], day["terminal"]) == ("new", "Z 26324", 26324, "till-1")
    assert day["sold_ore"] == SOLD
    assert ("cash", 269700) in [(tender["channel"], tender["expected_ore"]) for tender in day["tenders"]]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("missing.xml", "missing.xml cannot be read"),
        ("posplugin.toml", "is no XML file: it begins with '# Settings of posp"),
    ],
)
def test_what_is_no_such_file_is_said_in_a_sentence(till: Run, file: str, words: str) -> None:
    code, out, err = till("settlement", "import-saft", file)

    assert (code, out) == (1, "")
    assert words in err


def test_a_till_that_does_not_settle_is_told_what_it_lacks(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "evening.xml").write_bytes(evening_xml())

    code, _, err = shop("settlement", "import-saft", "evening.xml")

    assert code == 2
    assert "settlements are off: give the department accounts in [ledger] of the settings" in err


def test_a_z_that_was_kept_while_settlements_were_off_is_taken(
    till: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The till has handed it over; nothing of it was on its way."""
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(tmp_path / "posplugin.toml"))
    change(tmp_path, OFF)
    the_evening_is_played(tmp_path)
    assert standing(till) == {}
    change(tmp_path, OFF[::-1])

    assert till("settlement", "import-saft", "evening.xml")[0] == 0

    assert standing(till) == {"Z 26324": "pending"}
