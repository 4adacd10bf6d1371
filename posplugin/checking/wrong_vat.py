"""The one thing that is looked at before a run though `check` has not passed: VAT that would be reported twice."""

from __future__ import annotations

from collections.abc import Iterable

from posplugin.accounting_system import AccountingError, AccountingSystem
from posplugin.checking.words import said
from posplugin.domain.clock import Clock
from posplugin.domain.errors import ConfigError
from posplugin.domain.fault import WRONG_VAT
from posplugin.texts import texts


def refuse_wrong_vat(systems: Iterable[AccountingSystem], clock: Clock, language: str) -> None:
    """Raise `ConfigError` with what is wrong, in "nb" or "en"."""
    for system in systems:
        try:
            findings = system.verify_setup(clock, clock().date())
        except AccountingError:
            continue  # the run itself says what is the matter with the connection
        wrong = [said(finding, texts(language)) for finding in findings if finding.fault in WRONG_VAT]
        if wrong:
            raise ConfigError([f"nothing is sent: {each.what}: {each.text} {each.remedy}" for each in wrong])
