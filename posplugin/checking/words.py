"""A finding in words, in the language of the texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from posplugin.accounting_system import Finding
from posplugin.checking.settings_said import in_file
from posplugin.domain.errors import PosPluginError
from posplugin.domain.look import Need, OneOf
from posplugin.texts import Texts, details, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line of `check`."""

    what: str
    ok: bool
    text: str
    remedy: str | None = None
    #: The fault's number in docs/check.md.
    number: int | None = None


def said(finding: Finding, texts: Texts) -> Said:
    """Return what is said of a finding."""
    facts = {name: _plain(value, texts) for name, value in finding.facts.items()}
    if "words" in facts:
        facts["words"] = _in_words(finding.facts["words"], facts["words"], texts.check.language)
    if "problems" in facts:
        facts["problems"] = _problems(finding.facts["problems"], texts.check.language)
    look, fault = texts.check.look[finding.look], finding.fault
    what = look.subject.format_map(facts)
    if fault is None:
        return Said(what=what, ok=True, text=look.right.format_map(facts))
    words = texts.check.fault[fault]
    return Said(
        what=what,
        ok=False,
        text=words.sentence.format_map(facts).replace(": \n", ":\n"),
        remedy=words.remedy.format_map(facts),
        number=fault.value,
    )


def _in_words(told: object, plain: str, language: str) -> str:
    if isinstance(told, PosPluginError):
        return refused.in_words(told, language).rstrip(". \n")
    return details.in_words(plain, language)


def _problems(problems: Any, language: str) -> str:
    """One in the sentence; several on lines of their own."""
    told = [in_file(problem, language).rstrip(". ") for problem in problems]
    return told[0] if len(told) == 1 else "".join(f"\n    - {each}" for each in told)


def _plain(value: object, texts: Texts) -> str:
    if value is None:
        return "–"
    if isinstance(value, Need):
        return texts.check.need[value]
    if isinstance(value, timedelta):
        return _ago(value, texts)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, OneOf):
        *others, last = value
        return f"{', '.join(others)} {texts.check.either} {last}" if others else last
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).rstrip(". \n")


def _ago(age: timedelta, texts: Texts) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours >= 48:
        return texts.check.days.format(days=hours // 24)
    return texts.check.hours.format(hours=hours) if hours else texts.check.less_than_an_hour
