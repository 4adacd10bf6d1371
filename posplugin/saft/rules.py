"""How a house wants its SAF-T files read: the [saft] table of posplugin.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from posplugin.domain.errors import ConfigError, UsageError
from posplugin.domain.sale import LineKind, require_id
from posplugin.saft.code_lists import PREDEFINED


class CustomerNumbers(StrEnum):
    """What custSupID is."""

    #: The till's own id, linked to PowerOffice by `posplugin customers link`.
    LINKED = "linked"
    #: The customer's number in PowerOffice.
    POWEROFFICE = "poweroffice"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRule:
    """Whose a register is: the terminal, and its department where that is not the terminal's own."""

    terminal: str
    department: str | None = None

    def __post_init__(self) -> None:
        require_id("terminal", self.terminal)
        if self.department is not None:
            require_id("department", self.department)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaftRules:
    """The house's rules. The default fits a file whose code tables are complete and whose customers are linked."""

    customer_numbers: CustomerNumbers = CustomerNumbers.LINKED
    #: Local code to predefined code; overrides or completes the file's own tables.
    codes: Mapping[str, str] = field(default_factory=dict)
    #: Local payment ids that are Faktura, whatever their code, in any kind of sale.
    invoice_payments: frozenset[str] = frozenset()
    #: registerID to whose it is, where a file has several.
    registers: Mapping[str, RegisterRule] = field(default_factory=dict)
    #: Local article group to what its lines are to the books, where its name does not say so.
    line_kinds: Mapping[str, LineKind] = field(default_factory=dict)

    @classmethod
    def from_settings(cls, path: Path | None) -> SaftRules:
        """Read the [saft] table of a settings file; without a file or a table, the default rules.

        Raises `ConfigError` with everything that is wrong in the table.
        """
        if path is None:
            return cls()
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8")).get("saft", {})
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigError([f"{path}: cannot be read: {error}"]) from error
        return cls.from_table(table)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> SaftRules:
        """Read a [saft] table that has been parsed already; raise `ConfigError` with everything wrong in it."""
        problems: list[str] = []
        codes = {str(local): str(code) for local, code in table.get("codes", {}).items()}
        problems += [
            f"saft.codes: {local} = {code!r} is no predefined SAF-T code such as 12006"
            for local, code in codes.items()
            if code not in PREDEFINED.get(code[:2], frozenset())
        ]
        numbers = table.get("customer_numbers", CustomerNumbers.LINKED)
        if numbers not in list(CustomerNumbers):
            problems.append(f'saft.customer_numbers is {numbers!r}; use "linked" or "poweroffice"')
        registers: dict[str, RegisterRule] = {}
        for register_id, rule in table.get("registers", {}).items():
            try:
                registers[register_id] = RegisterRule(**rule)
            except (TypeError, UsageError):
                problems.append(f'saft.registers: {register_id} is {rule!r}; use {{ terminal = "bar-1" }}')
        kinds: dict[str, LineKind] = {}
        for group, kind in table.get("line_kinds", {}).items():
            if kind in list(LineKind):
                kinds[group] = LineKind(kind)
            else:
                problems.append(f"saft.line_kinds: {group} = {kind!r}; use one of {', '.join(LineKind)}")
        if problems:
            raise ConfigError(problems)
        return cls(
            customer_numbers=CustomerNumbers(numbers),
            codes=codes,
            invoice_payments=frozenset(map(str, table.get("invoice_payments", ()))),
            registers=registers,
            line_kinds=kinds,
        )
