"""The name of a document in the accounting system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import PaymentRef
from posplugin.outbox.reference import (
    LONGEST_REFERENCE,
    generations,
    is_invoice_of,
    new_installation,
    next_generation,
    reference,
)

IDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=64)
REFS = st.builds(PaymentRef, IDS, IDS, IDS)
REF = PaymentRef("bar-1", "s-1", "t-1")


def test_a_reference_never_changes_from_version_to_version() -> None:
    """What stands in PowerOffice already must be found by what is worked out here."""
    assert reference("k7q2m9xa", RecordKind.INVOICE, REF, 1) == "pp-k7q2m9xa-i-2e5ab13f3a6326bc-46e9bc34-1"


@given(REFS, st.sampled_from(list(RecordKind)), st.integers(1, 10**9))
def test_a_reference_has_at_most_50_plain_characters(ref: PaymentRef, kind: RecordKind, generation: int) -> None:
    made = reference(new_installation(), kind, ref, generation)
    assert len(made) <= LONGEST_REFERENCE
    assert made.isascii()
    assert made.replace("-", "").isalnum()


@given(st.lists(REFS, min_size=2, max_size=20, unique=True))
def test_different_payments_have_different_references(refs: list[PaymentRef]) -> None:
    assert len({reference("k7q2m9xa", RecordKind.INVOICE, ref, 1) for ref in refs}) == len(refs)


def test_ids_that_run_into_each_other_are_told_apart() -> None:
    refs = [
        PaymentRef("a", "bc", "d"),
        PaymentRef("ab", "c", "d"),
        PaymentRef("a", "b", "cd"),
        PaymentRef("a-b", "c", "d"),
    ]
    assert len({reference("k7q2m9xa", RecordKind.INVOICE, ref, 1) for ref in refs}) == len(refs)


def test_kind_installation_and_generation_tell_references_apart() -> None:
    made = [reference("k7q2m9xa", kind, REF, generation) for kind in RecordKind for generation in (1, 2)]
    made.append(reference("k7q2m9xb", RecordKind.INVOICE, REF, 1))
    assert len(set(made)) == len(made)


@given(REFS, st.integers(1, 30))
def test_each_generation_names_all_before_it_newest_first(ref: PaymentRef, count: int) -> None:
    made = [reference("k7q2m9xa", RecordKind.INVOICE, ref, 1)]
    for _ in range(count - 1):
        made.append(next_generation(made[-1]))
    assert generations(made[-1]) == tuple(reversed(made))
    assert made[-1] == reference("k7q2m9xa", RecordKind.INVOICE, ref, count)


def test_an_invoice_of_a_sale_is_known_from_any_installation_and_for_any_tender() -> None:
    for installation in ("k7q2m9xa", "bbbbbbbb"):
        for tender in ("t-1", "t-2"):
            made = reference(installation, RecordKind.INVOICE, PaymentRef("bar-1", "s-1", tender), 3)
            assert is_invoice_of(made, "bar-1", "s-1")
            assert not is_invoice_of(made, "bar-1", "s-2")
            assert not is_invoice_of(made, "bar-2", "s-1")
    assert not is_invoice_of(reference("k7q2m9xa", RecordKind.CREDIT_NOTE, REF, 1), "bar-1", "s-1")


@pytest.mark.parametrize("foreign", ["", "1042", "pp-i", "pp-a-i-b-c-d-e", "xx-k7q2m9xa-i-6b73c0ad85d9e77f-8c7e8e0d-1"])
def test_references_of_others_are_nobodys_invoice(foreign: str) -> None:
    assert not is_invoice_of(foreign, "bar-1", "s-1")


def test_installations_differ_and_are_easy_to_read_aloud() -> None:
    made = {new_installation() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("il01o-")
