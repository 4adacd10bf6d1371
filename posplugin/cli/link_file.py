"""A CSV file of links, read whole and checked whole before anything is linked."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from posplugin.domain.customer import Customer
from posplugin.domain.errors import UsageError
from posplugin.domain.sale import require_id
from posplugin.outbox.customers import CustomerRegister

_HEAD = ["host_id", "number"]


def read_links(path: Path, register: CustomerRegister) -> list[tuple[str, int]]:
    """Return host id and PowerOffice number of every line; raise `UsageError` that names each line that is wrong."""
    found: dict[str, int] = {}
    places: dict[str, int] = {}
    problems: list[str] = []
    for place, row in _rows(path):
        try:
            host_id, number = _link(row, places, register)
        except UsageError as error:
            problems.append(f"line {place}: {error}")
        else:
            found[host_id], places[host_id] = number, place
    if problems:
        raise UsageError("\n".join([f"nothing of {path} has been linked:", *problems]))
    return list(found.items())


def linkable(register: CustomerRegister, number: int | None) -> Customer:
    """Return the customer that a link may lead to; raise `UsageError` for one that is archived or not known."""
    customer = known(register, number)
    if customer.is_archived:
        raise UsageError(
            f"customer {number} {customer.name} is archived; take it out of the archive in PowerOffice and run "
            "posplugin customers sync, or link to another"
        )
    return customer


def known(register: CustomerRegister, number: int | None) -> Customer:
    """Return a customer of the register; raise `UsageError` where there is none of that number."""
    customer = register.get(number) if number is not None else None
    if customer is None:
        raise UsageError(f"customer {number} is not in the register; run posplugin customers sync, or find")
    return customer


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=";", strict=True)
            for row in reader:
                cells = [cell.strip() for cell in row]
                if any(cells) and cells != _HEAD:
                    yield reader.line_num, cells
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text; save it as CSV UTF-8 and try again") from None
    except csv.Error as error:
        raise UsageError(f"{path} is not written as CSV: {error}") from None


def _link(row: list[str], places: Mapping[str, int], register: CustomerRegister) -> tuple[str, int]:
    if len(row) != 2:
        raise UsageError(f"{len(row)} cells; write the till's own id, a semicolon and the PowerOffice number")
    host_id, number = require_id("the till's own id", row[0]), row[1]
    if host_id in places:
        raise UsageError(f"{host_id} stands in line {places[host_id]} already")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise UsageError(f"{number!r} is no customer number")
    return host_id, linkable(register, int(number)).number
