"""What a ledger must have before anything is posted by it. Read from the plain tables, as all rules are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from posplugin.settings.dotted import join
from posplugin.settings.problem import Problem
from posplugin.settings.tables import Tables, at, named

#: What no settlement can be posted without → what it is.
_NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "tenders": "at least one way to pay with its account, such as cash = 1900",
        "sales": "at least one row with article group, VAT rate, account and VAT code",
        "gratuity": "the account of tips that are owed to the staff (29xx)",
        "gift_card": "the account of gift cards that are sold and not yet used (29xx)",
        "rounding": "the account of what cash is rounded by (øreavrunding)",
        "cash_difference": "the account of what is counted too little or too much (kassedifferanse)",
    }
)
_REMEDY = "ask the accountant for it, or set settlement.enabled = false to post no settlements"


def ledger_problems(tables: Tables) -> Iterator[Problem]:
    """Give a sentence for everything that is missing in the ledgers, or stands in one of them twice."""
    yield from _repeated(tables)
    yield from _without_clearing(tables)
    yield from _without_ledger(tables)
    yield from _incomplete(tables)


def _repeated(tables: Tables) -> Iterator[Problem]:
    for place in [("ledger",), *(("departments", name, "ledger") for name, _ in named(tables, "departments"))]:
        sales = at(tables, *place, "sales")
        rows = [row for row in sales if isinstance(row, dict)] if isinstance(sales, list) else []
        count = Counter((str(row.get("article_group")), str(row.get("vat"))) for row in rows)
        for (group, rate), times in count.items():
            if times > 1:
                template = '{setting} has article group "{group}" at {rate} % {times} times; keep one'
                told = {"setting": join(*place, "sales"), "group": group, "rate": rate, "times": times}
                yield Problem(template, (*place, "sales"), **told)


def _without_clearing(tables: Tables) -> Iterator[Problem]:
    if at(tables, "invoicing", "vat_reported_by") != "settlement":
        return
    for name, ledgers in _ledgers(tables):
        if ledgers and not _stands(ledgers, "invoice_clearing"):
            template = (
                '{setting} is missing for department "{name}"; '
                'vat_reported_by = "settlement" needs the account where invoiced sales stand until sent (19xx)'
            )
            place = ("ledger", "invoice_clearing")
            yield Problem(template, place, setting=join(*place), name=name)


def _without_ledger(tables: Tables) -> Iterator[Problem]:
    enabled, reporter = at(tables, "settlement", "enabled"), at(tables, "invoicing", "vat_reported_by")
    for name, ledgers in _ledgers(tables):
        if ledgers or enabled is False:
            continue
        if reporter == "settlement":  # then nobody would
            place = ("invoicing", "vat_reported_by")
            template = (
                '{setting} is "settlement", but department "{name}" has no ledger: the settlement is '
                "to report the VAT, and nothing is posted; give it a [ledger], or set settlement.enabled = false where "
                "another system posts the day's settlement against the clearing account"
            )
            yield Problem(template, place, setting=join(*place), name=name)
        elif enabled is True:
            template = (
                '{setting} is true, but department "{name}" has no ledger; write [ledger] with the '
                "accountant's accounts, or take settlement.enabled out"
            )
            place = ("settlement", "enabled")
            yield Problem(template, place, setting=join(*place), name=name)


def _incomplete(tables: Tables) -> Iterator[Problem]:
    """Where settlements are on: once under [ledger] for all departments that follow it, else under the department."""
    if at(tables, "settlement", "enabled") is False:
        return
    for needed, what in _NEEDED.items():
        places = {
            ("ledger",) if at(tables, "departments", name, "ledger") is None else ("departments", name, "ledger"): None
            for name, ledgers in _ledgers(tables)
            if ledgers and not _stands(ledgers, needed)
        }
        for place in [("ledger",)] if ("ledger",) in places else places:
            template = "{setting} is missing: {what}; " + _REMEDY
            yield Problem(template, (*place, needed), setting=join(*place, needed), what=what)


def _ledgers(tables: Tables) -> Iterator[tuple[str, list[object]]]:
    """Give the ledgers that count for each department: its own, and the default one."""
    for name, department in named(tables, "departments"):
        yield name, [ledger for ledger in (department.get("ledger"), tables.get("ledger")) if ledger is not None]


def _stands(ledgers: list[object], name: str) -> bool:
    """Whether one of the ledgers has an entry, be it a wrong one; what is no ledger is said elsewhere."""
    return any(not isinstance(ledger, Mapping) or ledger.get(name) not in (None, {}, []) for ledger in ledgers)
