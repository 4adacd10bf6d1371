"""What a person sets up in Go: its customers, products, departments, employees, accounts and VAT codes."""

from __future__ import annotations

from collections.abc import Mapping

from .office import Office
from .state import Record

KINDS = ("customer", "product", "department", "employee", "account", "vat")
"""The registers in which a record can be changed."""

# Members that are the Id of a record beside its code: where the code goes, the Id follows.
_FOLLOWING = {
    ("account", "VatCode"): ("VatCodeId", "vat", "Code"),
    ("product", "StandardSalesAccount"): ("StandardSalesAccountId", "account", "AccountNo"),
    ("product", "OptionalSalesAccount"): ("OptionalSalesAccountId", "account", "AccountNo"),
    ("customer", "DepartmentCode"): ("DepartmentId", "department", "Code"),
}


def change(office: Office, client: str, kind: str, named: tuple[str, object], changes: Mapping[str, object]) -> Record:
    """Set members of the first record `named` by a member and its value, against any rule, and return it."""
    if kind not in KINDS:
        raise ValueError(f"There is no register {kind!r}: the simulator has {', '.join(KINDS)}.")
    row = _found(office, client, kind, named)
    unknown = changes.keys() - row.keys()
    if unknown:
        raise ValueError(f"A record of {kind} has no member {', '.join(sorted(unknown))}.")
    changed = {**row, **changes}
    for name, new in changes.items():
        if (kind, name) in _FOLLOWING:
            following, register, code = _FOLLOWING[kind, name]
            changed[following] = None if new is None else _found(office, client, register, (code, new))["Id"]
    if "LastChangedDateTimeOffset" in row:
        changed["LastChangedDateTimeOffset"] = office.clock.stamp()
    with office.state.change():
        office.state.put(client, kind, str(row["Id"]), changed)
    return changed


def _found(office: Office, client: str, kind: str, named: tuple[str, object]) -> Record:
    member, value = named
    rows = office.state.rows(client, kind).values()
    found = next((row for row in rows if row.get(member) == value), None)
    if found is None:
        raise LookupError(f"There is no {kind} with {member} {value}.")
    return found
