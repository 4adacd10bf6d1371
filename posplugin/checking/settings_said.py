"""What is wrong in the settings, in the reader's language: beside a form's field, or of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posplugin.settings import Problem
from posplugin.texts import details, texts
from posplugin.texts.console_settings import SettingsText

#: What a problem says where nothing more is known of what is expected.
_ANOTHER = "write another value"


def sentence(problem: str, text: SettingsText) -> str:
    """Say a problem of the settings in the language of `text`; one that is not known there stays as it was raised."""
    if not isinstance(problem, Problem):
        return problem
    words = text.problems
    template = words.sentence.get(problem.template) or words.unwritten.get(problem.template)
    return template.format_map(_facts(problem, text)) if template else str(problem)


def in_file(problem: str, language: str) -> str:
    """Say a problem in "nb" or "en" to somebody who mends the file: it begins with the setting as it stands there."""
    if language != "nb" or not isinstance(problem, Problem):
        return details.in_words(problem, language)
    told, setting = sentence(problem, texts(language).console.settings), problem.facts.get("setting")
    if told == problem or not setting or str(setting) in told:
        return details.in_words(told, language)
    return details.in_words(f"{setting}{problem.facts.get('row', '')}: {told}", language)


def _facts(problem: Problem, text: SettingsText) -> Mapping[str, Any]:
    facts, expected = dict(problem.facts), text.problems.expected
    if "how" in facts:
        details_: Any = facts["details"]
        facts["expected"] = expected.get(str(facts["how"]), expected[_ANOTHER]).format_map(details_)
    if "what" in facts:
        facts["what"] = expected[str(facts["what"])]
    often = text.option["schedule.frequency"]
    for name in ("frequency", "belongs_to"):
        if name in facts:
            facts[name] = often.get(str(facts[name]), str(facts[name])).lower()
    return facts
