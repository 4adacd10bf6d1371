"""What a customer owes: each document once, wherever it stands and whenever PowerOffice was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posplugin.domain.customer import CustomerTerms, OpenItem
from posplugin.domain.reasons import Reason
from posplugin.outbox.accounts import _ACCOUNTS, CustomerAccounts
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.settings.clients import GoClient
from tests.fixtures.clocks import Watch
from tests.fixtures.customers import COMPANY, CUSTOMERS, PERSON
from tests.fixtures.sales import invoice, request, returned, sale

#: How long PowerOffice may take to show what it has accepted.
SETTLE = timedelta(seconds=60)
PENDING = (Status.PENDING,)
SENDING = (*PENDING, Status.SENDING)
DELIVERED = (*SENDING, Status.DELIVERED)


@dataclass
class Books:
    """An outbox, and the open documents of a PowerOffice beside it."""

    outbox: Outbox
    accounts: CustomerAccounts
    clock: Watch

    def __post_init__(self) -> None:
        self.there: dict[str, OpenItem] = {}

    def promise(self, amount: int = 100_00, sale_id: str = "s-1", customer: int = COMPANY.number) -> Record:
        asked = request(sale(amount, sale_id=sale_id) if amount > 0 else returned(amount, sale_id=sale_id), customer)
        return self.outbox.authorize(invoice(asked, next(c for c in CUSTOMERS if c.number == customer)))

    def move(self, record: Record, *statuses: Status) -> Record:
        for status in statuses:
            self.clock.passes(seconds=1)
            reason = {"reason": Reason.REJECTED} if status is Status.NEEDS_ATTENTION else {}
            record = self.outbox.move(record, status, "test", **reason)
        return record

    def accept(self, record: Record) -> None:
        """PowerOffice has it."""
        assert record.customer_number is not None
        item = OpenItem(customer_number=record.customer_number, amount=record.amount, reference=record.reference)
        self.there[record.reference] = item

    def mark(self) -> int:
        return self.accounts.newest_event(self.clock() - SETTLE)

    def read(self, mark: int | None = None, items: Sequence[OpenItem] | None = None) -> None:
        mark = self.mark() if mark is None else mark
        self.accounts.store_open(list(self.there.values()) if items is None else items, mark)

    def owed(self, customer: int = COMPANY.number) -> int:
        return self.accounts.get(customer).open_amount


@pytest.fixture
def books(database: Database, outbox: Outbox, clock: Watch) -> Books:
    register = CustomerRegister(database, clock)
    register.store(CUSTOMERS, clock())
    return Books(outbox, register.accounts, clock)


WAYS: dict[str, tuple[tuple[Status, ...], bool]] = {
    "promised": ((), False),
    "waiting": (PENDING, False),
    "in hand, not there yet": (SENDING, False),
    "in hand, there already": (SENDING, True),
    "its answer lost, not there": ((*SENDING, Status.UNCERTAIN), False),
    "its answer lost, and there": ((*SENDING, Status.UNCERTAIN), True),
    "refused": ((*SENDING, Status.NEEDS_ATTENTION), False),
    "there with another total, for a person": ((*SENDING, Status.NEEDS_ATTENTION), True),
    "delivered, and not listed yet": (DELIVERED, False),
    "delivered, and listed": (DELIVERED, True),
}
ONWARD = {
    None: (*PENDING, Status.SENDING, Status.DELIVERED),
    Status.PENDING: (Status.SENDING, Status.DELIVERED),
    Status.SENDING: (Status.DELIVERED,),
    Status.UNCERTAIN: (Status.DELIVERED,),
    Status.NEEDS_ATTENTION: (Status.PENDING, Status.SENDING, Status.DELIVERED),
    Status.DELIVERED: (),
}


@pytest.mark.parametrize(("statuses", "listed"), WAYS.values(), ids=WAYS)
def test_a_document_counts_once_whenever_poweroffice_was_read(
    books: Books, statuses: tuple[Status, ...], listed: bool
) -> None:
    """Before the reading, after it, once it is delivered, after the next reading; and not when it has been paid."""
    record = books.move(books.promise(), *statuses)
    assert books.owed() == 100_00 or record.status is Status.DELIVERED
    if listed:
        books.accept(record)

    books.read()
    assert books.owed() == 100_00

    record = books.move(record, *ONWARD[statuses[-1] if statuses else None])
    books.accept(record)
    assert books.owed() == 100_00
    books.clock.passes(hours=1)
    assert books.owed() == 100_00
    books.read()
    assert books.owed() == 100_00

    del books.there[record.reference]
    books.clock.passes(days=1)
    books.read()
    assert books.owed() == 0


def test_what_is_delivered_while_the_lists_are_read_counts_once(books: Books) -> None:
    """One is on the list, one came a moment too late for it; both were delivered after the mark was taken."""
    early, late = books.promise(sale_id="s-1"), books.promise(sale_id="s-2")
    mark = books.mark()
    early = books.move(early, *DELIVERED)
    books.accept(early)
    items = list(books.there.values())
    books.move(late, *DELIVERED)

    books.read(mark, items)

    assert books.owed() == 200_00


def test_what_others_have_invoiced_counts_and_credit_notes_count_below_zero(books: Books) -> None:
    """Of the customer alone, and with what waits here, returns too."""
    theirs = [
        OpenItem(customer_number=COMPANY.number, amount=500_00),
        OpenItem(customer_number=COMPANY.number, amount=-120_00, reference="theirs"),
        OpenItem(customer_number=PERSON.number, amount=7_00, reference="pp-otherone-i-1-1-1"),
        OpenItem(customer_number=99999, amount=1),
    ]
    books.read(items=theirs)
    books.promise(100_00, "s-1")
    books.promise(-30_00, "r-1")
    account = books.accounts.get(COMPANY.number)
    assert (account.open_there, account.on_its_way, account.open_amount) == (380_00, 70_00, 450_00)
    assert books.owed(PERSON.number) == 7_00


def test_a_next_reading_takes_the_place_of_the_last(books: Books) -> None:
    books.read(items=[OpenItem(customer_number=COMPANY.number, amount=500_00)])
    books.read(items=[OpenItem(customer_number=PERSON.number, amount=1_00)])
    assert (books.owed(), books.owed(PERSON.number)) == (0, 1_00)


@pytest.mark.parametrize("end", [(Status.CANCELLED,), (*PENDING, Status.NEEDS_ATTENTION, Status.DISCARDED)])
def test_what_came_to_nothing_is_not_owed(books: Books, end: tuple[Status, ...]) -> None:
    books.move(books.promise(), *end)
    assert books.owed() == 0


def test_a_blocked_reference_that_turns_up_is_not_counted_beside_its_next(books: Books) -> None:
    """The first generation stands there after all, while the second waits."""
    first = books.move(books.promise(), *SENDING, Status.NEEDS_ATTENTION)
    books.accept(first)
    books.outbox.next_generation(first, "test", "blocked")
    books.read()
    assert books.owed() == 100_00


def test_a_delivery_that_was_noted_again_is_not_a_new_one(books: Books) -> None:
    """Events that tell of where it stands are written for years."""
    record = books.move(books.promise(), *DELIVERED)
    books.accept(record)
    books.clock.passes(hours=1)
    books.read()
    books.outbox.set(record, "test", "is sent now", accounting_state="sent")
    assert books.owed() == 100_00


def test_before_the_first_reading_only_what_waits_here_is_known(books: Books) -> None:
    """Whatever was delivered long ago may have been paid long ago."""
    books.move(books.promise(sale_id="s-1"), *DELIVERED)
    books.promise(sale_id="s-2")
    account = books.accounts.get(COMPANY.number)
    assert (account.open_there, account.open_amount) == (None, 100_00)
    books.read()
    assert books.accounts.get(COMPANY.number).open_there == 0
    books.accounts.forget_open()
    assert books.accounts.get(COMPANY.number).open_there is None


def test_each_client_has_its_own_accounts(database: Database, books: Books, clock: Watch) -> None:
    """The same number, another department's sale, other terms."""
    own = CustomerRegister(database, clock, GoClient(departments=("bar",)))
    cafe = own.of(GoClient(name="cafe", departments=("cafe", "roof")))
    cafe.store([COMPANY], clock())
    own.accounts.set_terms(COMPANY.number, CustomerTerms(credit_limit=1), "test")
    cafe.accounts.store_open([OpenItem(customer_number=COMPANY.number, amount=5_00)], 0)
    books.promise(100_00, "s-1")
    asked = request(sale(30_00, sale_id="s-2"))
    books.outbox.authorize(invoice(asked, department="roof"))

    assert own.accounts.get(COMPANY.number).open_amount == 100_00
    assert cafe.accounts.get(COMPANY.number).open_amount == 35_00
    assert cafe.accounts.terms(COMPANY.number) == cafe.accounts.get(COMPANY.number).terms == CustomerTerms()


TERMS = [
    CustomerTerms(),
    CustomerTerms(credit_limit=0),
    CustomerTerms(unlimited=True),
    CustomerTerms(credit_limit=10_000_00, your_reference="Kari", order_number="PO-7"),
]


@pytest.mark.parametrize("terms", TERMS)
def test_terms_are_kept_as_they_were_set_last(books: Books, terms: CustomerTerms) -> None:
    books.accounts.set_terms(COMPANY.number, TERMS[-1], "test")
    books.accounts.set_terms(COMPANY.number, terms, "test")
    assert books.accounts.terms(COMPANY.number) == books.accounts.get(COMPANY.number).terms == terms
    assert books.accounts.terms(PERSON.number) == CustomerTerms()


_STEPS = st.lists(
    st.tuples(st.sampled_from(["sell", "deliver", "accept and lose", "read", "pay", "wait"]), st.integers(0, 5)),
    max_size=25,
)


@given(steps=_STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
def test_whatever_happens_in_whatever_order_nothing_is_missing_or_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Sales, deliveries, lost answers and readings: what is owed is what was sold, until a reading tells of a payment.

    PowerOffice shows everything at once here; a payment between two readings is the one thing we cannot know.
    """
    clock = Watch()
    with Database(tmp_path_factory.mktemp("outbox") / "o.sqlite3") as database:
        register = CustomerRegister(database, clock)
        register.store(CUSTOMERS, clock())
        books = Books(Outbox(database, clock), register.accounts, clock)
        books.read()
        records: list[Record] = []
        paid: set[int] = set()
        told: set[int] = set()
        for number, (what, which) in enumerate(steps):
            clock.passes(seconds=30)
            if what == "sell":
                records.append(books.move(books.promise(100 + number, f"s-{number}"), *PENDING))
            elif what == "wait":
                clock.passes(minutes=which)
            elif what == "read":
                clock.passes(seconds=61)
                books.read()
                told = set(paid)
            elif records:
                at = which % len(records)
                record = records[at]
                if what == "deliver" and record.status in (Status.PENDING, Status.UNCERTAIN):
                    way = () if record.status is Status.UNCERTAIN else (Status.SENDING,)
                    records[at] = books.move(record, *way, Status.DELIVERED)
                    books.accept(records[at])
                elif what == "accept and lose" and record.status is Status.PENDING:
                    books.accept(record)
                    records[at] = books.move(record, Status.SENDING, Status.UNCERTAIN)
                elif what == "pay" and record.status is Status.DELIVERED:
                    books.there.pop(record.reference, None)
                    paid.add(at)
            assert books.owed() == sum(r.amount for at, r in enumerate(records) if at not in told)


def test_the_account_of_a_big_customer_is_read_in_no_time(database: Database, books: Books, clock: Watch) -> None:
    """One query by index, however much was delivered to it in years."""
    record = books.move(books.promise(), *DELIVERED)
    with database.transaction():
        columns = [row[1] for row in database.rows("PRAGMA table_info(records)")]
        changed = {"id": "NULL", "reference": "reference || n.value", "sale_id": "sale_id || n.value"}
        values = ", ".join(changed.get(name, name) for name in columns)
        database.execute(
            f"INSERT INTO records SELECT {values} FROM records, json_each(?) n WHERE records.id = ?",
            (str([*range(20_000)]), record.id),
        )
        database.execute(
            "INSERT INTO events (record_id, at, who, was, now)"
            " SELECT id, updated_at, 'test', 'sending', 'delivered' FROM records"
        )
    clock.passes(days=1)
    books.read()
    books.promise(50_00, "s-2")

    assert books.owed() == 50_00
    plan = database.rows(f"EXPLAIN QUERY PLAN {_ACCOUNTS}", (1, "[]", "[1]", ""))
    steps = [str(row[3]) for row in plan]
    assert any("USING INDEX records_owed (customer_number=?)" in step for step in steps), steps
    assert not any(step.startswith(("SCAN records", "SCAN events", "SCAN customers")) for step in steps), steps
