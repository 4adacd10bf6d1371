"""What the commands say: in both languages, with the same filled in, for every value there is."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest

from posplugin.accounting_system import Verdict
from posplugin.bookkeeping.ledger import PAYMENT_CODES
from posplugin.domain.customer import InvoiceDelivery
from posplugin.domain.payment import Light
from posplugin.domain.sale import LineKind
from posplugin.outbox.customers import LinkState
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.steps import Step, StepState
from posplugin.settings.ledger import Ledger
from posplugin.settling.importing import Verdict as Imported
from posplugin.texts import cli_en, cli_nb, texts
from posplugin.texts.cli import CliText
from tests.unit.texts.test_texts import every_text, filled_in

LANGUAGES = {"nb": cli_nb.CLI, "en": cli_en.CLI}
#: Alike in both: names, signs, and words that are the same.
ALIKE = {"status", "–", "EHF", "AvtaleGiro", "eFaktura", "factoring", "bank", "problem", "till", "limit", "number"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_words(language: str) -> None:
    said = LANGUAGES[language]
    assert set(said.record.short) == set(Status)
    assert set(said.record.kind) == set(LineKind)
    assert set(said.record.steps) == set(Step)
    assert set(said.record.step_states) == set(StepState)
    assert set(said.record.outcomes) == {"accepted", *Verdict}
    assert set(said.status.light) == set(Light)
    assert set(said.status.outcomes) == {"done", "waiting", "stopped"}
    assert set(said.customers.deliveries) == set(InvoiceDelivery)
    assert set(said.customers.link_states) == set(LinkState)
    assert set(said.ledger.tenders) == set(PAYMENT_CODES)
    assert set(said.ledger.single) <= set(Ledger.model_fields)
    assert set(said.settlement.verdicts) == set(Imported) - {Imported.LEFT_OUT}


def test_both_languages_fill_in_the_same() -> None:
    nb, en = (dict(every_text(said)) for said in LANGUAGES.values())
    assert nb.keys() == en.keys()
    assert {name: filled_in(text) for name, text in nb.items()} == {name: filled_in(en[name]) for name in en}


def test_nothing_is_left_in_the_other_language() -> None:
    nb, en = (dict(every_text(said)) for said in LANGUAGES.values())
    alike = {text for name, text in nb.items() if text == en[name]}
    assert {text for text in alike if len(text.split()) > 1 and "{" not in text} == set()


def test_each_group_is_said() -> None:
    assert {field.name for field in fields(CliText)} == {
        *("common", "record", "queue", "sending", "status"),
        *("customers", "setup", "ledger", "settlement"),
    }
    assert all(is_dataclass(getattr(cli_nb.CLI, field.name)) for field in fields(CliText))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_status_in_a_column_is_short(language: str) -> None:
    """With the longest stage beside it, it leaves room for the rest of the table."""
    said = LANGUAGES[language].record.short
    longest = max(len(stage) for stage in texts(language).stage.values())
    assert max(map(len, said.values())) <= 14
    assert len(said["delivered"]) + len(": ") + longest <= 24
