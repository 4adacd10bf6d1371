"""A CSV file of links, read whole and checked whole before anything is linked."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from posplugin.cli.speech import words
from posplugin.domain.customer import Customer
from posplugin.domain.errors import UsageError
from posplugin.outbox.customers import CustomerRegister

_HEAD = ["host_id", "number"]
#: As `domain.sale.require_id` has it.
_LONGEST_ID = 64


def read_links(path: Path, register: CustomerRegister, *, move: bool) -> list[tuple[str, int]]:
    """Return host id and PowerOffice number of every line; raise `UsageError` that names each line that is wrong.

    That is also one of an id that leads to another customer, unless it may `move`.
    """
    found: dict[str, int] = {}
    places: dict[str, int] = {}
    problems: list[str] = []
    for place, row in _rows(path):
        try:
            host_id, number = _link(row, places, register)
            if not move:
                require_free(register, host_id, number)
        except UsageError as error:
            problems.append(words().customers.in_line.format(place=place, error=error))
        else:
            found[host_id], places[host_id] = number, place
    if problems:
        raise UsageError("\n".join([words().customers.none_linked.format(path=path), *problems]))
    return list(found.items())


def linkable(register: CustomerRegister, number: int | None) -> Customer:
    """Return the customer that a link may lead to; raise `UsageError` for one that is archived or not known."""
    customer = known(register, number)
    if customer.is_archived:
        raise UsageError(words().customers.is_archived.format(number=number, name=customer.name))
    return customer


def require_free(register: CustomerRegister, host_id: str, number: int) -> None:
    """Raise `UsageError` where the till's id leads to another customer already."""
    before = register.linked(host_id)
    if before not in (None, number):
        raise UsageError(words().customers.linked_elsewhere.format(host_id=host_id, before=before))


def known(register: CustomerRegister, number: int | None) -> Customer:
    """Return a customer of the register; raise `UsageError` where there is none of that number."""
    customer = register.get(number) if number is not None else None
    if customer is None:
        raise UsageError(words().customers.unknown.format(number=number))
    return customer


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    said = words().customers
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=";", strict=True)
            for row in reader:
                cells = [cell.strip() for cell in row]
                if any(cells) and cells != _HEAD:
                    yield reader.line_num, cells
    except OSError as error:
        raise UsageError(said.not_readable.format(path=path, error=error.strerror)) from error
    except UnicodeDecodeError:
        raise UsageError(said.not_utf8.format(path=path)) from None
    except csv.Error as error:
        raise UsageError(said.no_csv.format(path=path, error=error)) from None


def _link(row: list[str], places: Mapping[str, int], register: CustomerRegister) -> tuple[str, int]:
    said = words().customers
    if len(row) != 2:
        raise UsageError(said.wrong_cells.format(count=len(row)))
    host_id, number = row
    if not host_id or len(host_id) > _LONGEST_ID or not host_id.isprintable():
        raise UsageError(said.no_id.format(text=host_id, longest=_LONGEST_ID))
    if host_id in places:
        raise UsageError(said.twice.format(host_id=host_id, place=places[host_id]))
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise UsageError(said.no_number.format(text=number))
    return host_id, linkable(register, int(number)).number
