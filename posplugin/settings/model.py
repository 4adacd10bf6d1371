"""The whole settings file, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr, model_validator

from posplugin.domain.errors import ConfigError
from posplugin.domain.sale import LineKind
from posplugin.settings.department import Department
from posplugin.settings.invoicing import InvoicingSettings
from posplugin.settings.ledger import Ledger
from posplugin.settings.poweroffice import PowerOfficeSettings
from posplugin.settings.schedule import ScheduleSettings
from posplugin.settings.settlement import SettlementSettings
from posplugin.settings.values import FilePath, Name, Section, Text, TimeOfDay, TimeZone


class TerminalSettings(Section):
    """The till that this file is for."""

    #: Equal to the host's.
    id: Name
    department: Name
    language: Literal["nb", "en"] = "nb"
    timezone: TimeZone = ZoneInfo("Europe/Oslo")
    #: When a new business date begins.
    business_day_starts: TimeOfDay = time(5)
    #: The till's SystemID in its own SAF-T.
    saft_source_id: Annotated[Text, Field(max_length=35)] | None = None


class OutboxSettings(Section):
    """Where documents wait."""

    #: On a local disk.
    path: Annotated[FilePath, Field(validate_default=True)] = Path("outbox.sqlite3")


class SaftRegister(Section):
    """Whose till a register of a SAF-T file is."""

    terminal: Name
    department: Name


class SaftSettings(Section):
    """How SAF-T Cash Register files are read."""

    #: "poweroffice": the file's custSupID is the PowerOffice number.
    customer_numbers: Literal["linked", "poweroffice"] = "linked"
    #: What the file's own codes mean, where it does not say so itself.
    codes: Mapping[Text, Text] = Field(default_factory=dict)
    #: The file's own payment ids that mean Faktura, beside 12006.
    invoice_payments: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    #: The file's own article groups that are no goods: {"900": "gift_card"}.
    line_kinds: Mapping[Text, Annotated[LineKind, Field(strict=False)]] = Field(default_factory=dict)
    #: Register id to till, where a file has several registers.
    registers: Mapping[Text, SaftRegister] = Field(default_factory=dict)


class Settings(Section):
    """Everything the file says, defaults filled in. Made by `read_settings` alone, which also checks across fields."""

    terminal: TerminalSettings
    outbox: OutboxSettings
    poweroffice: PowerOfficeSettings
    schedule: ScheduleSettings
    invoicing: InvoicingSettings
    settlement: SettlementSettings
    #: The default ledger; None when the file has none.
    ledger: Ledger | None = None
    departments: Mapping[Name, Department]
    saft: SaftSettings

    _path: Path = PrivateAttr()
    _from_environment: frozenset[str] = PrivateAttr()

    @model_validator(mode="before")
    @classmethod
    def _absent_tables_are_empty(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Let a short file leave out whole tables, and still be told each setting that it must have."""
        return {name: {} for name, field in cls.model_fields.items() if field.is_required()} | data

    def model_post_init(self, context: Any, /) -> None:
        """Remember where the settings come from."""
        self._path = context["path"]
        self._from_environment = context["from_environment"]

    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self._path

    @property
    def from_environment(self) -> frozenset[str]:
        """The dotted keys whose value the environment gave."""
        return self._from_environment

    def department(self, name: str) -> Department:
        """Return one department; raise `ConfigError` when the file has no such department."""
        if name not in self.departments:
            known = ", ".join(sorted(self.departments)) or "none"
            raise ConfigError([f'department "{name}" is not in {self.path}; it has {known}'])
        return self.departments[name]

    def ledger_of(self, name: str) -> Ledger | None:
        """Return a department's ledger: the default one with the department's own entries, or None."""
        own = self.department(name).ledger
        if self.ledger is None or own is None:
            return self.ledger or own
        return self.ledger.overridden_by(own)

    def settles(self, name: str, day: date | None = None) -> bool:
        """Whether the settlements of a department are posted, and that of a business date, where one is asked for.

        What lies before `invoicing.enabled_since` was booked otherwise. Raises `ConfigError` when there is no such
        department.
        """
        since = self.invoicing.enabled_since
        begun = day is None or since is None or day >= since
        return begun and self.ledger_of(name) is not None and self.settlement.enabled is not False
