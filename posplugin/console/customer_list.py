"""Which customers a person asks for, page by page, and who of them is refused at the till."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from posplugin.app import App
from posplugin.bookkeeping.exposure import limit_of
from posplugin.checking import refused
from posplugin.console.queue_filter import LONGEST_TEXT, is_id
from posplugin.console.shown import Tone
from posplugin.domain.customer import Customer, CustomerAccount
from posplugin.domain.payment import CustomerMatch, RefusalCode
from posplugin.outbox.customers import CustomerRegister, Which
from posplugin.settings.clients import GoClient, client_of, go_clients

#: Customers on a page.
PER_PAGE = 50
#: The sort that is no `Which`: who is refused.
REFUSED = "refused"
#: So many that a text finds are looked through for those who are refused.
_MOST_FOUND = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A customer in the list."""

    match: CustomerMatch
    account: CustomerAccount
    #: Øre; None: none.
    limit: int | None
    codes: Sequence[RefusalCode]

    @property
    def customer(self) -> Customer:
        """The customer."""
        return self.match.customer

    @property
    def tone(self) -> Tone:
        """Red for who is refused whatever the cashier enters, yellow for who must give a reference."""
        if not self.codes:
            return Tone.GREEN
        return Tone.YELLOW if set(self.codes) == {RefusalCode.REFERENCE_REQUIRED} else Tone.RED

    @property
    def owes(self) -> int | None:
        """All that it owes, øre; None where PowerOffice has never been asked: what waits here is a part alone."""
        return None if self.account.open_there is None else self.account.open_amount

    @property
    def is_over(self) -> bool:
        """Whether it owes more than its limit."""
        return self.limit is not None and self.owes is not None and self.owes > self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for, as it stands in the address."""

    text: str
    sort: str
    client: GoClient
    #: The client, as it is named in the address: "" for the terminal's own.
    whose: str
    #: Name and number of the customer before the first of this page.
    after: tuple[str, int] | None

    def address(self, **changes: str | int | None) -> str:
        """Return the address of the list with other answers in some fields; None leaves a field out."""
        fields = {"q": self.text, "which": self.sort, "client": self.whose} | changes
        fields = {name: value for name, value in fields.items() if value and (name, value) != ("which", Which.ALL)}
        return "/customers" + (f"?{urlencode(fields)}" if fields else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the list."""

    listed: Sequence[Listed]
    #: Where the next page begins; None on the last.
    next: str | None
    counts: Mapping[str, int]


def read_asked(app: App, given: Mapping[str, str]) -> Asked:
    """Read what is asked for; what cannot be read is not asked for."""
    sort, whose = given.get("which", ""), given.get("client", "")
    client = client_of(app.settings, whose or app.settings.terminal.department)
    number = given.get("after", "")
    return Asked(
        text=given.get("q", "").strip()[:LONGEST_TEXT],
        sort=sort if sort == REFUSED or sort in set(Which) else Which.ALL,
        client=client,
        whose=whose if whose in client.departments and client.name else "",
        after=(given.get("name", "")[:LONGEST_TEXT], int(number)) if is_id(number) else None,
    )


def page_of(app: App, asked: Asked) -> Page:
    """Return a page of the customers that are asked for."""
    register = app.customers.of(asked.client)
    codes = {customer.number: (customer, found) for customer, found in refused(app.settings, register)}
    if asked.sort == REFUSED:
        found = _refused(register, [customer for customer, _ in codes.values()], asked)
    else:
        found = register.listed(asked.text, Which(asked.sort), after=asked.after, limit=PER_PAGE + 1)
    shown, last = found[:PER_PAGE], found[PER_PAGE - 1].customer if len(found) > PER_PAGE else None
    return Page(
        listed=listed(app, register, shown, {number: found for number, (_, found) in codes.items()}),
        next=asked.address(name=last.name, after=last.number) if last else None,
        counts={str(which): count for which, count in register.tally().items()} | {REFUSED: len(codes)},
    )


def _refused(register: CustomerRegister, those: Sequence[Customer], asked: Asked) -> list[CustomerMatch]:
    if asked.text:
        found = {match.customer.number for match in register.search(asked.text, _MOST_FOUND, archived=True)}
        those = [customer for customer in those if customer.number in found]
    by_name = sorted(those, key=lambda customer: (customer.name, customer.number))
    first = asked.after or ("", -1)
    later = [one for one in by_name if (one.name, one.number) > first]
    return [register.match(one) for one in later[: PER_PAGE + 1]]


def listed(
    app: App,
    register: CustomerRegister,
    found: Sequence[CustomerMatch],
    codes: Mapping[int, Sequence[RefusalCode]],
) -> list[Listed]:
    """Return customers with what they owe, their limit, and why they are refused."""
    accounts, default = (
        register.accounts.of(one.customer.number for one in found),
        app.settings.invoicing.default_credit_limit,
    )
    return [
        Listed(
            match=one,
            account=accounts[one.customer.number],
            limit=limit_of(accounts[one.customer.number].terms, default),
            codes=codes.get(one.customer.number, ()),
        )
        for one in found
    ]


def whose(app: App) -> list[tuple[str, str]]:
    """Return each client as it is named in the address, and the departments that share it; one alone is not named."""
    return [
        ("" if not client.name else client.departments[0], ", ".join(client.departments))
        for client in go_clients(app.settings)
    ]
