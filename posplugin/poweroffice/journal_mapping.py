"""A journal → the body of POST /Vouchers/CashJournals, or of a draft. Pure; ids have been looked up before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from posplugin.domain.money import to_kroner
from posplugin.domain.settlement import Journal, JournalLine
from posplugin.poweroffice.vat_codes import NO_TURNOVER

#: The most of a line's text, characters. PowerOffice states no limit; its lists show little more.
LONGEST_TEXT = 100
#: What PowerOffice takes of SaftSourceId and SaftBatchId, characters.
_LONGEST_SAFT = 35
#: ImportedVoucherNo is an int64.
_LARGEST_NUMBER = 2**63 - 1
#: What payments, tips and gift cards are posted with where their account has no other code of its own.
_NO_VAT = NO_TURNOVER[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalIds:
    """PowerOffice's ids of what a journal names."""

    #: By account number.
    accounts: Mapping[int, int]
    #: By VAT code.
    vat_codes: Mapping[str, int]
    #: The VAT code that an account is locked to, by account number.
    locked: Mapping[int, str] = field(default_factory=dict)
    department: int | None = None
    #: Of lines of another department than the journal's, by its name; None where it has none in PowerOffice.
    others: Mapping[str, int | None] = field(default_factory=dict)

    def department_of(self, line: JournalLine) -> int | None:
        """Return the department that a line counts in."""
        return self.department if line.department is None else self.others[line.department]


def vat_code(line: JournalLine, locked: Mapping[int, str]) -> str:
    """Return the VAT code of a line: what is no turnover bears "0", or "7" where its account is locked to that."""
    if line.vat_code is not None:
        return line.vat_code
    own = locked.get(line.account)
    return own if own in NO_TURNOVER else _NO_VAT


def cash_journal(journal: Journal, reference: str, ids: JournalIds) -> dict[str, Any]:
    """Return the voucher to post: gross amounts, debit positive, a VAT id on every line."""
    body: dict[str, Any] = {
        "CurrencyCode": "NOK",
        "VoucherDate": journal.day.isoformat(),
        "Description": journal.description,
        "ExternalImportReference": reference,
        "ImportedVoucherNo": journal.number if (journal.number or 0) <= _LARGEST_NUMBER else None,
        "SaftSourceId": journal.saft_source_id and journal.saft_source_id[:_LONGEST_SAFT],
        "SaftBatchId": journal.saft_batch_id and journal.saft_batch_id[:_LONGEST_SAFT],
        "VoucherLines": [
            {
                "AccountId": ids.accounts[line.account],
                "VatId": ids.vat_codes[vat_code(line, ids.locked)],
                "CurrencyAmount": to_kroner(line.amount),
                **_shared(line, journal, ids),
            }
            for line in _posted(journal)
        ],
    }
    return {name: value for name, value in body.items() if value is not None}


def draft(journal: Journal, reference: str, ids: JournalIds) -> dict[str, Any]:
    """Return the draft to leave for a person: one side per line, its amount positive.

    It has no field for a reference, and its comment is never returned, so the reference stands in its description.
    """
    return {
        "CurrencyCode": "NOK",
        "VoucherDate": journal.day.isoformat(),
        "Description": f"{journal.description} ({reference})",
        "ManualVoucherLines": [
            {
                f"{side}AccountId": ids.accounts[line.account],
                f"{side}VatId": ids.vat_codes[vat_code(line, ids.locked)],
                "CurrencyAmount": to_kroner(abs(line.amount)),
                **_shared(line, journal, ids),
            }
            for line in _posted(journal)
            for side in ["Debit" if line.amount > 0 else "Credit"]
        ],
    }


def _posted(journal: Journal) -> Iterator[JournalLine]:
    """Yield the lines that come to something: PowerOffice refuses an amount of 0."""
    return (line for line in journal.lines if line.amount)


def _shared(line: JournalLine, journal: Journal, ids: JournalIds) -> dict[str, Any]:
    shared: dict[str, Any] = {"PostingDate": journal.posting_date.isoformat(), "Description": _text(line, journal)}
    department = ids.department_of(line)
    return shared if department is None else {**shared, "DepartmentId": department}


def _text(line: JournalLine, journal: Journal) -> str:
    text = ", ".join(line.names) or journal.description
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1].rstrip(" ,") + "…"
