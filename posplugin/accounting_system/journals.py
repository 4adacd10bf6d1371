"""What a sender asks of an accounting system about the day's settlements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from posplugin.domain.settlement import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedJournal:
    """A journal as the accounting system has it."""

    reference: str
    accounting_id: str
    #: The voucher's number; None while it has none, or it is not known yet.
    number: int | None
    #: Øre by account number, debit positive; on accounts that bear VAT with it or without it, as it tells.
    amounts: Mapping[int, int] = field(default_factory=dict)
    #: False: a draft that a person has to post.
    is_posted: bool = True
    is_reversed: bool = False


class Journals(Protocol):
    """The journals of one client. Thread-safe. Every method may raise `AccountingError`."""

    def time_there(self) -> datetime | None:
        """Return what its clock said in its last answer; None where it has not told. Asks nothing."""

    def request_for(self, journal: Journal, reference: str, *, as_draft: bool) -> str:
        """Return what `post` would send, as text, for people to read. Asks for ids, sends nothing."""

    def post(self, journal: Journal, reference: str, *, as_draft: bool) -> PostedJournal:
        """Post a journal, or leave it as a draft. A draft has no guard against being made twice."""

    def posted_between(self, first: date, last: date, since: datetime) -> Sequence[PostedJournal] | None:
        """Return our journals posted on these days that were made since then; None where that may not be read.

        Drafts that a person has posted are not among them.
        """

    def drafts_since(self, since: datetime) -> Sequence[PostedJournal] | None:
        """Return our drafts made since then, those that have been posted since too; None where they may not be read."""

    def journal(self, accounting_id: str, *, as_draft: bool) -> PostedJournal | None:
        """Return a journal or draft of ours as it is now; None when it is not there, or cannot be read yet."""

    def reverse(self, accounting_id: str) -> None:
        """Take a posted journal back by its opposite. Harmless when that has been done."""

    def delete_draft(self, accounting_id: str) -> None:
        """Delete a draft that nobody has posted. Harmless when it is gone."""

    def document(self, accounting_id: str, name: str, content: bytes, *, as_draft: bool) -> None:
        """Put a PDF on a journal as its documentation. Repeatable; a draft that has a page is left as it is."""

    def reversed_since(self, first: date, last: date, since: datetime) -> frozenset[str] | None:
        """Return the ids of journals of these days that were reversed since then, by whomever.

        None where that may not be read.
        """

    def locked_until(self) -> date | None:
        """Return the last day on which nothing may be posted any more; None without one, or where it is not told."""
