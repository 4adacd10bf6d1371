"""Every fault of docs/check.md: named with its number and its remedy, nothing sent by itself, no draft left behind."""

from __future__ import annotations

import pytest

from posplugin.checking import said
from posplugin.domain.fault import Fault
from posplugin.texts import texts
from tests.acceptance.check.bench import Bench
from tests.acceptance.check.faults import CAUSES, ledger

#: PowerOffice would not have it deleted, or nobody knows yet that it is there: the next test says what becomes of it.
LEFT_BEHIND = {Fault.DRAFT_LEFT, Fault.DRAFT_UNCERTAIN}


def test_every_fault_is_brought_about() -> None:
    assert CAUSES.keys() == set(Fault)
    assert len(CAUSES) >= 30


def test_without_a_fault_check_passes_and_what_is_due_is_sent(bench: Bench) -> None:
    """So that the tests below can fail."""
    assert bench.faults() == set()
    bench.due()

    assert (bench.waiting(), len(bench.invoiced()), bench.trial_drafts()) == (0, 1, [])


def test_a_whole_ledger_as_poweroffice_has_it_is_right(bench: Bench) -> None:
    bench.change(more=ledger())

    assert bench.faults() == set()


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: f"{fault.value}-{fault.name.lower()}")
def test_a_fault_is_named_with_its_remedy_and_nothing_is_sent(
    fault: Fault, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    CAUSES[fault](bench, monkeypatch)

    findings = bench.check(draft=fault is not Fault.PRICES_NOT_MEASURED)
    bench.due()

    assert {finding.fault for finding in findings if finding.fault} == {fault}
    for language in ("nb", "en"):
        words = texts(language)
        for line in (said(finding, words) for finding in findings if not finding.ok):
            assert line.number == fault.value
            assert line.text
            assert line.remedy
            assert "{" not in line.what + line.text + line.remedy
    assert bench.waiting() == 1
    assert bench.invoiced() == []
    assert len(bench.trial_drafts()) == (fault in LEFT_BEHIND)
