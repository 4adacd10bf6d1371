"""The day's settlements in PowerOffice GO: cash journals posted at once, or drafts of manual journals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from posplugin.accounting_system import AccountingError, PostedJournal, Verdict
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Journal
from posplugin.poweroffice.catalogue import Catalogue
from posplugin.poweroffice.chart import Chart
from posplugin.poweroffice.client import PowerOfficeClient, encode
from posplugin.poweroffice.faults import already_reversed, not_there
from posplugin.poweroffice.journal_mapping import JournalIds, cash_journal, draft
from posplugin.poweroffice.journal_reading import (
    accounts_in,
    from_cash_journal,
    from_draft,
    from_transactions,
    oldest_line,
    readable_draft,
    reference_in,
    reversed_ids,
)
from posplugin.poweroffice.mapping import missing
from posplugin.poweroffice.reading import NOT_UNDERSTOOD, day, not_understood, stamp
from posplugin.poweroffice.setup.ledger import ledger_entries
from posplugin.settings.model import Settings

_POSTED, _DRAFTS = "/Vouchers/CashJournals", "/JournalEntryVouchers/ManualJournals"
#: A reversal counts on another day than what it reverses where that one's period has been locked since.
_REVERSED_WITHIN = timedelta(days=366)
#: A draft's lines are made with it; the list says when it was changed last, which is not before.
_SLACK = timedelta(minutes=1)


class PowerOfficeJournals:
    """The journals of one Go client: a `Journals`. Thread-safe. Ids are looked up once in its life."""

    def __init__(
        self, client: PowerOfficeClient, settings: Settings, departments: Sequence[str], catalogue: Catalogue
    ) -> None:
        self._client = client
        self._settings = settings
        self._names = tuple(departments)
        self._catalogue = catalogue
        self._chart = Chart(client, (entry.account for entry in ledger_entries(settings, departments)))

    def request_for(self, journal: Journal, reference: str, *, as_draft: bool) -> str:
        """Return the body that `post` would send."""
        return encode(_body(journal, reference, self._ids(journal), as_draft=as_draft))

    def post(self, journal: Journal, reference: str, *, as_draft: bool) -> PostedJournal:
        """Post a journal or a draft: one request, and one more where the answer tells no number yet.

        What cannot be posted is refused before anything is sent: an unbalanced journal, an account out of use.
        """
        if journal.difference:
            words = f"nothing was sent: the lines come to {kroner_text(journal.difference)}, and not to 0.00"
            raise missing(Reason.UNBALANCED, words)
        ids = self._ids(journal)
        answer = self._client.post(_DRAFTS if as_draft else _POSTED, _body(journal, reference, ids, as_draft=as_draft))
        numbers = {key: number for number, key in ids.accounts.items()}
        try:
            posted = from_draft(answer, numbers, is_posted=False) if as_draft else from_cash_journal(answer, numbers)
        except NOT_UNDERSTOOD:
            words = "the journal was accepted, but the answer cannot be understood"
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, words, status=201) from None
        if as_draft or posted.number is not None:
            return posted
        return replace(posted, number=self._number(posted.accounting_id))

    # -- looking up ------------------------------------------------------------------------------------------------

    def time_there(self) -> datetime | None:
        """Return what PowerOffice's clock said in its last answer, to the second."""
        return self._client.server_time

    def posted_between(self, first: date, last: date, since: datetime) -> Sequence[PostedJournal] | None:
        """Return our cash journals, reversed ones too: one request. None without the privilege to read the ledger."""
        rows = self._transactions(first, last, since, "CashJournal")
        try:
            return None if rows is None else from_transactions(rows)
        except NOT_UNDERSTOOD as error:
            raise not_understood("list of transactions", error) from error

    def drafts_since(self, since: datetime) -> Sequence[PostedJournal] | None:
        """Return our drafts: one request, and one for each draft that this integration has made since then.

        None without the privilege to read them.
        """
        asked = {"createdDateTimeOffsetGreaterThan": stamp(since)}
        items = self._rows("/JournalEntryVouchers", asked)
        if items is None:
            return None
        try:
            made = [item for item in items if item.get("IsCreatedByCurrentIntegration") and _may_be_ours(item)]
            read = [(self._get(f"{_DRAFTS}/{item['Id']}"), bool(item.get("IsPosted"))) for item in made]
            return [self._draft(row, is_posted) for row, is_posted in read if row and reference_in(row)]
        except NOT_UNDERSTOOD as error:
            raise not_understood("list of drafts", error) from error

    def journal(self, accounting_id: str, *, as_draft: bool) -> PostedJournal | None:
        """Return it as it is now: one request for a journal, two for a draft."""
        row = self._get(f"{_DRAFTS if as_draft else _POSTED}/{accounting_id}")
        if row is None:
            # nobody knows whether a draft can still be read by its id once a person has posted it
            is_posted = as_draft and self._is_posted(accounting_id, None)
            return PostedJournal(reference="", accounting_id=accounting_id, number=None) if is_posted else None
        try:
            if as_draft:
                return self._draft(row, self._is_posted(accounting_id, oldest_line(row)))
            return from_cash_journal(row, self._chart.numbers(accounts_in(row)))
        except NOT_UNDERSTOOD as error:
            raise not_understood("journal", error) from error

    def reversed_since(self, first: date, last: date, since: datetime) -> frozenset[str] | None:
        """Return the ids of vouchers that have been reversed: one request. None without the privilege to read them."""
        rows = self._transactions(first, last + _REVERSED_WITHIN, since, "ReversalVoucher")
        try:
            return None if rows is None else reversed_ids(rows)
        except NOT_UNDERSTOOD as error:
            raise not_understood("list of reversals", error) from error

    def locked_until(self) -> date | None:
        """Return the lock date: one request. None where there is none, or without the privilege to read it."""
        try:
            return day((self._client.get("/LockDateSettings") or {}).get("LockDate"))
        except AccountingError as error:
            if error.reason is Reason.MISSING_PRIVILEGE:
                return None
            raise
        except NOT_UNDERSTOOD as error:
            raise not_understood("lock date", error) from error

    # -- undoing, and the Z report ---------------------------------------------------------------------------------

    def reverse(self, accounting_id: str) -> None:
        """Ask for a reversal; its reference may be used again then. Harmless when it has been reversed."""
        try:
            self._client.request(f"/Vouchers/Reverse/{accounting_id}")
        except AccountingError as error:
            if not already_reversed(error):
                raise

    def delete_draft(self, accounting_id: str) -> None:
        """Delete a draft; harmless when it is gone, a person's matter when it has been posted or is being approved."""
        try:
            self._client.delete(f"/JournalEntryVouchers/{accounting_id}")
        except AccountingError as error:
            if error.status == 409:
                raise _conflict(error, Reason.REJECTED) from error
            if not not_there(error):
                raise

    def document(self, accounting_id: str, name: str, content: bytes, *, as_draft: bool) -> None:
        """Send a PDF of at most 30 MB. What has just been posted may not be there for it yet.

        One request; two for a draft, which would get a second page: one that has a page is left as it is.
        """
        try:
            if as_draft:
                if (self._get(f"{_DRAFTS}/{accounting_id}") or {}).get("Pages"):
                    return
                self._client.upload(f"/JournalEntryVouchers/{accounting_id}/VoucherPages", name, content)
            else:
                asked = {"id": accounting_id}
                self._client.upload("/VoucherDocumentation", name, content, method="PUT", parameters=asked)
        except NOT_UNDERSTOOD as error:
            raise not_understood("draft", error) from error
        except AccountingError as error:
            if not_there(error):
                raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, error.words, status=404) from error
            if error.status == 409:
                raise _conflict(error, Reason.ATTACHMENT_FAILED) from error
            raise

    # -- inside ----------------------------------------------------------------------------------------------------

    def _ids(self, journal: Journal) -> JournalIds:
        names = {journal.department, *(line.department for line in journal.lines if line.department)}
        for name in sorted(names - set(self._names)):
            raise missing(Reason.DEPARTMENT_MISSING, f"no department {name} in the settings")
        try:
            departments = {name: self._catalogue.department_id(name, self._settings.department(name)) for name in names}
            return self._chart.ids(journal, departments)
        except NOT_UNDERSTOOD as error:
            raise not_understood("chart of accounts", error) from error

    def _number(self, accounting_id: str) -> int | None:
        """Ask for the number of what has been posted; whatever goes wrong here undoes nothing."""
        try:
            found = self.journal(accounting_id, as_draft=False)
        except AccountingError:
            return None
        return found.number if found else None

    def _get(self, path: str) -> Any:
        """Read a record; None when it is not there."""
        try:
            return self._client.get(path)
        except AccountingError as error:
            if not_there(error):
                return None
            raise

    def _draft(self, row: Mapping[str, Any], is_posted: bool) -> PostedJournal:
        return readable_draft(row, self._chart.numbers(accounts_in(row)), is_posted=is_posted)

    def _is_posted(self, accounting_id: str, made: datetime | None) -> bool:
        """Look among the drafts that have been posted: only the list tells."""
        asked = {"isPosted": "true"}
        if made:
            asked["lastChangedDateTimeOffsetGreaterThan"] = stamp(made - _SLACK)
        rows = self._client.pages("/JournalEntryVouchers", asked)
        return any(str(row["Id"]).lower() == accounting_id.lower() for row in rows)

    def _transactions(self, first: date, last: date, since: datetime, kind: str) -> list[dict[str, Any]] | None:
        """Return what was posted on these days, by kind of voucher; None where that may not be read."""
        asked = {"fromDate": first.isoformat(), "toDate": last.isoformat(), "voucherTypes": kind}
        asked["createdDateTimeOffsetGreaterThan"] = stamp(since)
        return self._rows("/AccountTransactions", asked)

    def _rows(self, path: str, asked: Mapping[str, str]) -> list[dict[str, Any]] | None:
        """Read a list; None without the privilege to read it."""
        try:
            return list(self._client.pages(path, asked))
        except AccountingError as error:
            if error.reason is Reason.MISSING_PRIVILEGE:
                return None
            raise


def _body(journal: Journal, reference: str, ids: JournalIds, *, as_draft: bool) -> dict[str, Any]:
    return draft(journal, reference, ids) if as_draft else cash_journal(journal, reference, ids)


def _may_be_ours(item: Mapping[str, Any]) -> bool:
    return item.get("VoucherType") in (None, "ManualJournal")


def _conflict(error: AccountingError, reason: Reason) -> AccountingError:
    """409 is about the draft here, and not about its reference: it has been posted, or somebody is approving it."""
    return AccountingError(Verdict.ATTENTION, reason, error.words, status=409)
