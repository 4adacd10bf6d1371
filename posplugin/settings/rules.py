"""What no setting tells alone. Read from the plain tables, so that it is reported together with all else."""

from __future__ import annotations

from collections.abc import Iterator

from posplugin.settings.dotted import join
from posplugin.settings.ledger_rules import ledger_problems
from posplugin.settings.problem import Problem
from posplugin.settings.tables import Tables, at, named

#: How often → the setting that belongs to it, and whether it must be there.
_BELONGS = (("daily", "times", False), ("weekly", "weekday", True), ("monthly", "day", True))


def rule_problems(tables: Tables) -> Iterator[Problem]:
    """Give a sentence for every pair of settings that does not fit together."""
    yield from _departments(tables)
    yield from _schedule(tables, "schedule")
    yield from _schedule(tables, "settlement", "schedule")
    yield from _settle_time(tables)
    yield from _missing_products(tables)
    yield from ledger_problems(tables)


def _departments(tables: Tables) -> Iterator[Problem]:
    known = [name for name, _ in named(tables, "departments")]
    registers = [name for name, _ in named(at(tables, "saft"), "registers")]
    asked: list[tuple[str, ...]] = [("terminal", "department")]
    asked += [("saft", "registers", name, "department") for name in registers]
    for place in asked:
        name = at(tables, *place)
        if isinstance(name, str) and name not in known:
            told = {"setting": join(*place), "name": name, "header": join("departments", name)}
            has = "it has {known}" if known else "it has none"
            template = '{setting} is "{name}", but the file has no [{header}]; ' + has
            yield Problem(template, place, **told, known=", ".join(known))


def _schedule(tables: Tables, *place: str) -> Iterator[Problem]:
    schedule, where = at(tables, *place), join(*place)
    if schedule is None:
        return
    frequency = at(schedule, "frequency") or "daily"
    for belongs_to, name, needed in _BELONGS:
        stands = at(schedule, name) is not None
        if stands and frequency != belongs_to:
            template = '{setting} belongs to frequency "{belongs_to}", but {where}.frequency is "{frequency}"'
            told = {"belongs_to": belongs_to, "where": where, "frequency": frequency}
            yield Problem(template, (*place, name), setting=f"{where}.{name}", **told)
        if needed and not stands and frequency == belongs_to:
            template = '{setting} is missing; frequency "{frequency}" needs it'
            yield Problem(template, (*place, name), setting=f"{where}.{name}", frequency=frequency)


def _settle_time(tables: Tables) -> Iterator[Problem]:
    """PowerOffice's reads may lag its writes by seconds; only the simulator is known not to."""
    told = at(tables, "poweroffice", "settle_time")
    if at(tables, "poweroffice", "endpoint_mode") in {"test", "production"} and told in {f"{n}s" for n in range(10)}:
        template = '{setting} is "{value}"; expected at least "10s", since what was sent may not show at once'
        place = ("poweroffice", "settle_time")
        yield Problem(template, place, setting=join(*place), value=told)


def _missing_products(tables: Tables) -> Iterator[Problem]:
    lines = at(tables, "invoicing", "lines") or "per_vat_rate"
    if at(tables, "invoicing", "create_missing_products") is True and lines != "per_item":
        template = '{setting} belongs to lines "per_item", but invoicing.lines is "{lines}"'
        place = ("invoicing", "create_missing_products")
        yield Problem(template, place, setting=join(*place), lines=lines)
