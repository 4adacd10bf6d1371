"""Everything this package raises on purpose.

    PosPluginError
      UsageError                the caller broke the contract (also a ValueError)
      ConfigError               the settings: .problems holds every one of them
        SettingsChanged         the file is no longer as it was read
        SettingsExposed         the file holds keys, and others can get at it
      OutboxError
        OutboxUnavailable       nothing could be stored: do not accept the sale
          SqliteTooOld          it might lose what it says is stored
          OutboxDamaged         what is in the file is not what was written
          OutboxReplaced        the file was taken away, replaced or brought up to date while it was open
          OutboxHeld            an older file that another process has open
          OutboxOfAnother       the file is another terminal's, or another program's
        IllegalTransition       the record has moved on since it was read
        SchemaTooNew            the file was written by a newer version
        FactsDiffer             the same payment came back with other facts
        PaymentVoided           the till has let this payment go
      AlreadySending            another process holds the sender's lock
      PluginLoadError           a plugin could not be used by the till

A business "no" is never an exception: see `Refusal` and the results of `accounting_system`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class PosPluginError(Exception):
    """Something went wrong; the text says what, where and the remedy.

    `template` is the sentence in English, with {names} where `facts` are given: front ends say both in the reader's
    language (`posplugin.texts.refused`). `str` gives the whole sentence.
    """

    def __init__(self, template: str = "", /, **facts: object) -> None:
        self.template, self.facts = template, facts
        super().__init__(template.format_map(facts) if facts else template)


class UsageError(PosPluginError, ValueError):
    """The caller broke the contract; mend the calling code."""


class ConfigError(PosPluginError):
    """The settings cannot be used; mend every problem listed and start again."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("\n".join(self.problems))


class SettingsChanged(ConfigError):
    """Somebody else has changed the settings file since it was read; read it again before changing it."""


class SettingsExposed(ConfigError):
    """The settings file holds keys and is not its owner's alone; nothing in it is used before that is mended."""

    def __init__(self, problems: Sequence[str], path: Path) -> None:
        #: The file.
        self.path = path
        super().__init__(problems)


class OutboxError(PosPluginError):
    """The outbox refused."""


class OutboxUnavailable(OutboxError):
    """Nothing could be stored; do not accept the sale, and look at the disk and at who holds the file."""


class SqliteTooOld(OutboxUnavailable):
    """SQLite can lose commits in WAL mode; install a newer one."""


class OutboxDamaged(OutboxUnavailable):
    """What is in the file is not what was written; keep it, put the newest backup back, and look at the disk."""


class OutboxReplaced(OutboxUnavailable):
    """The file was taken away, replaced or brought up to date while it was open; start the process again."""


class OutboxHeld(OutboxUnavailable):
    """The file has to be brought up to date, and another process has it open; stop that one first."""


class OutboxOfAnother(OutboxUnavailable):
    """The file is another terminal's, or no outbox at all; give each terminal one of its own."""


class IllegalTransition(OutboxError):
    """The record has moved on since it was read; read it again before acting on it."""


class SchemaTooNew(OutboxError):
    """The outbox was written by a newer version of posplugin; install that version again."""


class FactsDiffer(OutboxError):
    """The same payment came back with another customer, amount or lines; take a new tender id."""


class PaymentVoided(OutboxError):
    """The till has let this payment go; take a new tender id."""


class AlreadySending(PosPluginError):
    """Another process is sending from this outbox; wait for it, or see `posplugin status`."""


class PluginLoadError(PosPluginError):
    """A plugin could not be used by the till; the text names plugin, version and cause."""
