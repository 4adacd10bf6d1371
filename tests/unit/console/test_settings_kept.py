"""Whatever a file of settings looks like, a form changes the values that a person changed, and not a byte else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from posplugin.console.settings_changes import changes_of
from posplugin.console.settings_fields import Kind, Section
from posplugin.console.settings_form import ON, TICKS, Form
from posplugin.console.settings_sections import fields_of, sections, tables_of
from posplugin.settings.tables import load
from posplugin.settings.write import changed_text

FILE = Path("/srv/till/posplugin.toml")
PAGE = sections(["bar", "terrasse 2"])

#: Field → how it may stand in the file, what a person enters instead, and how that stands there then.
VALUES: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "terminal.id": (('"bar-1"', "'bar-1'", '"""bar-1"""'), "bar-7", '"bar-7"'),
    "terminal.business_day_starts": (('"05:00"', "'05:00'"), "04:30", '"04:30"'),
    "poweroffice.simulator_url": (('"http://127.0.0.1:8900"',), "http://127.0.0.1:8901", '"http://127.0.0.1:8901"'),
    "poweroffice.settle_time": (('"60s"', "'1m'"), "90s", '"90s"'),
    "invoicing.enabled_since": (("2026-11-01",), "02.12.2026", "2026-12-02"),
    "invoicing.send_amount_excluding_vat": (("true",), "", "false"),
    "invoicing.invoice_fee_amount": (('"39.00"', "'39.00'"), "1 045,5", '"1045.50"'),
    "invoicing.delivery": (('"draft"', "'draft'"), "send", '"send"'),
    "settlement.enabled": (("true",), "false", "false"),
    "departments.bar.department_code": (('"10"', "'10'"), "11", '"11"'),
    "departments.bar.client_key": (('"bar-client"', "'bar-client'"), "new-client", '"new-client"'),
    "departments.bar.products.vat_25": (('"30"', "'30'"), "130", '"130"'),
    "departments.bar.products.vat_15": (('"31"',), "131", '"131"'),
    'departments."terrasse 2".client_key': (('"terrace-client"',), "other-client", '"other-client"'),
    "ledger.gratuity": (("2981", "2_981", "0xBA5"), "2982", "2982"),
    "ledger.rounding": (("7745",), "7740", "7740"),
    "ledger.tenders#0#value": (("1900", "1_900"), "1901", "1901"),
    "ledger.tenders#1#value": (("1580",), "1581", "1581"),
    "ledger.sales#0#account": (("3000",), "3010", "3010"),
    "ledger.sales#0#vat_code": (('"3"', "'3'"), "33", '"33"'),
    "ledger.sales#1#account": (("3001",), "3011", "3011"),
    "schedule.time": (('"06:00"', "'06:00'"), "05:15", '"05:15"'),
    "schedule.times.sun": (('"08:00"', "'08:00'"), "09:30", '"09:30"'),
}
#: The same settings in several shapes: `@name@` is a value, `~` space or none, `#` a comment or none, `|` lines above.
#: (tomlkit loses a space after a date in a table on one line, and nothing else.)
SHAPES = (
    """|[terminal]#
|id~=~@terminal.id@#
|department~=~"bar"#
|business_day_starts~=~@terminal.business_day_starts@#
|[poweroffice]#
|endpoint_mode~=~"simulator"#
|simulator_url~=~@poweroffice.simulator_url@#
|application_key~=~"an-app"#
|subscription_key~=~"a-sub"#
|settle_time~=~@poweroffice.settle_time@#
|[invoicing]#
|enabled_since~=~@invoicing.enabled_since@#
|send_amount_excluding_vat~=~@invoicing.send_amount_excluding_vat@#
|invoice_fee_amount~=~@invoicing.invoice_fee_amount@#
|delivery~=~@invoicing.delivery@#
|[settlement]#
|enabled~=~@settlement.enabled@#
""",
    (  # on one line
        """|terminal~=~{~id~=~@terminal.id@~,~department~=~"bar",~business_day_starts~=~@terminal.business_day_starts@~}#
|poweroffice.endpoint_mode~=~"simulator"#
|poweroffice.simulator_url~=~@poweroffice.simulator_url@#
|poweroffice.application_key~=~"an-app"#
|poweroffice.subscription_key~=~"a-sub"#
|poweroffice.settle_time~=~@poweroffice.settle_time@#
|invoicing~=~{~enabled_since~=~@invoicing.enabled_since@,~delivery~=~@invoicing.delivery@,~"""
        """send_amount_excluding_vat~=~@invoicing.send_amount_excluding_vat@~,"""
        """~"invoice_fee_amount"~=~@invoicing.invoice_fee_amount@~}#
|settlement.enabled~=~@settlement.enabled@#
"""
    ),
)
DEPARTMENTS = (
    """|[departments.bar]#
|client_key~=~@departments.bar.client_key@#
|department_code~=~@departments.bar.department_code@#
|products~=~{~vat_25~=~@departments.bar.products.vat_25@~,~vat_15~=~@departments.bar.products.vat_15@~}#
|[departments."terrasse 2"]#
|client_key~=~@departments."terrasse 2".client_key@#
|products.vat_25~=~"30"#
""",
    (
        """|[departments]#
|bar~=~{~client_key~=~@departments.bar.client_key@,~department_code~=~@departments.bar.department_code@~,~"""
        """products~=~{~vat_25~=~@departments.bar.products.vat_25@,~vat_15~=~@departments.bar.products.vat_15@~}~}#
|[departments.'terrasse 2']#
|client_key~=~@departments."terrasse 2".client_key@#
|[departments.'terrasse 2'.products]#
|vat_25~=~"30"#
"""
    ),
)
SALES_FIRST = (
    'article_group~=~"*"~,~vat~=~25,~account~=~@ledger.sales#0#account@~,~vat_code~=~@ledger.sales#0#vat_code@'
)
LEDGERS = (
    f"""|[ledger]#
|gratuity~=~@ledger.gratuity@#
|gift_card~=~2901#
|rounding~=~@ledger.rounding@#
|cash_difference~=~7746#
|tenders~=~{{~cash~=~@ledger.tenders#0#value@~,~"card"~=~@ledger.tenders#1#value@~}}#
|sales~=~[#
|{{~{SALES_FIRST}~}},#
|{{~vat~=~15,~article_group~=~'*',~vat_code~=~"31",~account~=~@ledger.sales#1#account@~}}~,#
|]#
""",
    """|[ledger]#
|gratuity~=~@ledger.gratuity@#
|gift_card~=~2901#
|rounding~=~@ledger.rounding@#
|cash_difference~=~7746#
|[ledger.tenders]#
|cash~=~@ledger.tenders#0#value@#
|"card"~=~@ledger.tenders#1#value@#
|[[ledger.sales]]#
|article_group~=~"*"#
|vat~=~25#
|account~=~@ledger.sales#0#account@#
|vat_code~=~@ledger.sales#0#vat_code@#
|[[ledger.sales]]#
|vat_code~=~"31"#
|vat~=~15#
|article_group~=~"*"#
|account~=~@ledger.sales#1#account@#
""",
)
SCHEDULES = (
    """|[schedule]#
|time~=~@schedule.time@#
|times~=~{~sun~=~@schedule.times.sun@~}#
""",
    """|[schedule.times]#
|"sun"~=~@schedule.times.sun@#
|[schedule]#
|time~=~@schedule.time@#
""",
)

_COMMENTS = (
    "",
    "på lappen",
    'id = "bar-2"',
    "[terminal]",
    "«tips» 29xx",
    "\"quoted\" 'once'",
    "# ##",
    "🍺 ]}",
    "a\tb",
    "\\",
)
_SPACES = ("", " ", "   ", "\t")


def _entered(page: Sequence[Section], form: Form) -> MultiDict[str, str]:
    """Return what a browser sends of a form that nobody has touched."""
    sent: MultiDict[str, str] = MultiDict()
    for one in fields_of(page):
        if one.kind is Kind.TICK:
            sent.add(TICKS, one.name)
            if form.is_ticked(one):
                sent.add(one.name, ON)
        elif one.kind is not Kind.FIXED:
            sent.add(one.name, form.value(one))
    for table in tables_of(page):
        sent.add(TICKS, table.name)
        for row in form.rows(table):
            sent.add(f"{table.name}#", str(row.number))
            for column, shown in row.cells.items():
                sent.add(table.cell(row.number, column), shown)
    return sent


def _file(chance: Random) -> str:
    """Return a file with `@name@` for each value, in any shape, spaced and commented at random."""
    rest = [chance.choice(each) for each in (DEPARTMENTS, LEDGERS, SCHEDULES)]
    text, is_within_a_name = "", False
    for piece in "".join([chance.choice(SHAPES), *chance.sample(rest, len(rest))]):
        is_within_a_name ^= piece == "@"
        if piece == "~":
            text += chance.choice(_SPACES)
        elif piece == "|":
            above = chance.choices(_COMMENTS, k=chance.randrange(3))
            text += "".join(f"{chance.choice(_SPACES)}# {each}\n" if each else "\n" for each in above)
            text += chance.choice(_SPACES)
        elif piece == "#" and not is_within_a_name:
            text += chance.choice(["", f"{chance.choice(_SPACES)}#{chance.choice(_COMMENTS)}", " "])
        else:
            text += piece
    return text.replace("\n", chance.choice(["\n", "\r\n"]))


def _written(text: str, stands: Mapping[str, str]) -> str:
    for name, value in stands.items():
        text = text.replace(f"@{name}@", value)
    return text


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=100)
def test_nothing_but_the_values_that_were_changed_is_another(seed: int) -> None:
    chance = Random(seed)
    file, stands = _file(chance), {name: chance.choice(ways) for name, (ways, _, _) in VALUES.items()}
    changed = [name for name in VALUES if chance.random() < chance.choice([0.1, 0.5, 1])]
    before = _written(file, stands)
    tables = load(before, FILE)
    sent = _entered(PAGE, Form(tables=tables))
    for name in changed:
        if VALUES[name][1]:
            sent[name] = VALUES[name][1]
        else:
            del sent[name]

    changes = changes_of(Form(tables=tables, typed=sent), PAGE)
    after = changed_text(FILE, before, changes.values, {})

    assert after == _written(file, stands | {name: VALUES[name][2] for name in changed})
