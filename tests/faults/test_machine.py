"""Everything that can happen to a till, in any order: after every step nothing is lost, and nothing is twice.

CI plays a few examples, the same every time. Others, and as many as one likes:
FAULTS_EXAMPLES=1000 pytest tests/faults/test_machine.py --hypothesis-profile=long -s
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from posplugin.accounting_system import AccountingError
from posplugin.domain.errors import ConfigError, PosPluginError
from posplugin.domain.payment import Outcome, PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.sender import run
from posplugin.simulator import Simulator
from tests.faults.nights import set_clocks
from tests.faults.till import DEATHS, MODES, Died, Till
from tests.fixtures.long import IS_LONG
from tests.integration.sender.shop import LEDGER, Shop

CUSTOMERS = st.sampled_from([10002, 10003, 10005])
RATES = st.dictionaries(st.sampled_from([25, 15, 12, 0]), st.integers(1, 50_000), min_size=1, max_size=3)
EVENINGS = st.lists(st.tuples(CUSTOMERS, RATES), min_size=1, max_size=4)
#: How PowerOffice answers what nobody knows: duplicates, deleted references, reads that lag, 5xx, missing privileges.
#: Most of the time it is the worst: what was posted before is let in, and is not to be seen yet.
UNKNOWNS = {"U1": "abcddd", "U2": "abcddd", "U3": "ab", "U4": "abb", "U12": "abc", "U13": "abc", "U14": "ab"}
#: Where the answer is lost of what was done it is most of all that something may be done twice: thrice as often.
_LOST = ["drop-after", "cut", "500-after"]
FAULTS = st.sampled_from([*_LOST * 3, "drop-before", "500-before", "503", "429", "401", "403", "404"])
_POSTING = ["POST /SalesOrders/Complete", "POST /Vouchers"]
PATHS = st.sampled_from([*_POSTING * 3, "GET /", "/OAuth", "/AccountTransactions", "/"])
JUMPS = st.sampled_from([1, 30, 9600, -1, -48]).map(lambda hours: timedelta(hours=hours))
#: What a person must decide, or has: a run makes no more of it.
DECIDED = {Reason.SETTLEMENT_MISMATCH}
_SETTLES = {"settlement": "attach_z_report = false", "ledger": LEDGER}

#: What the examples played so far came to.
PLAYED: Counter[str] = Counter()


class Machine(RuleBasedStateMachine):
    """One till, one PowerOffice, and whatever may come."""

    shop: Shop

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="posplugin-machine-"))
        self.go = Simulator(None, requests_per_second=10_000, read_lag_seconds=30)
        self.patch = pytest.MonkeyPatch()
        self.z = 0
        self.wrong = timedelta(0)
        self.archived: set[int] = set()

    @initialize(
        answers=st.fixed_dictionaries({name: st.sampled_from(answers) for name, answers in UNKNOWNS.items()}),
        mode=st.sampled_from(sorted(MODES)),
    )
    def begin(self, answers: dict[str, str], mode: str) -> None:
        self.go.start()
        for name, answer in answers.items():
            self.go.switch(name, answer)
        if not IS_LONG:  # several at a time come in another order on every machine
            self.patch.setattr(run, "IN_FLIGHT", 1)
        self.shop = Shop(self.folder, self.go, **_SETTLES, **MODES[mode])
        set_clocks(self.shop, "2026-11-16 12:00")
        self.shop.app.sync_customers(everything=True)
        self.till = Till(self.shop)

    def teardown(self) -> None:
        try:
            if hasattr(self, "shop"):
                self.all_comes_right()
                self.count()
        finally:
            if hasattr(self, "shop"):
                self.shop.close()
            self.go.stop()
            self.patch.undo()
            shutil.rmtree(self.folder)

    # -- the till --------------------------------------------------------------------------------------------------

    @rule(customer=CUSTOMERS, amounts=RATES)
    def sell(self, customer: int, amounts: dict[int, int]) -> None:
        if receipt := self.till.promise(customer, amounts):
            self.till.capture(receipt)

    @rule(customer=CUSTOMERS, amounts=RATES, share=st.integers(1, 99))
    def sell_split(self, customer: int, amounts: dict[int, int], share: int) -> None:
        total = sum(amounts.values())
        by_card = total * share // 100
        if 0 < by_card < total and (receipt := self.till.promise(customer, amounts, by_card)):
            self.till.capture(receipt)

    @rule(customer=CUSTOMERS, amounts=RATES)
    def promise(self, customer: int, amounts: dict[int, int]) -> None:
        self.till.promise(customer, amounts)

    @precondition(lambda self: hasattr(self, "till") and self.till.open_promises())
    @rule(data=st.data(), final=st.booleans())
    def say_what_became_of_it(self, data: st.DataObject, final: bool) -> None:
        receipt = data.draw(st.sampled_from(self.till.open_promises()))
        if final:
            self.till.capture(receipt)
        else:
            self.till.void(receipt)

    @precondition(lambda self: hasattr(self, "till") and self.till.left_to_return())
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        left = self.till.left_to_return()
        original = data.draw(st.sampled_from(sorted(left)))
        customer, amounts = left[original]
        back = {rate: -data.draw(st.integers(1, amount)) for rate, amount in amounts.items() if amount}
        if receipt := self.till.promise(customer, back, original=original):
            self.till.capture(receipt)

    @rule(amounts=RATES)
    def close_day(self, amounts: dict[int, int]) -> None:
        self.z += 1
        self.till.close_day(self.z, {rate: amount for rate, amount in amounts.items() if rate in (25, 15)})

    @precondition(lambda self: hasattr(self, "till") and self.till.paid)
    @rule(data=st.data())
    def say_again(self, data: st.DataObject) -> None:
        self.till.say_again(data.draw(st.sampled_from(sorted(self.till.paid))))

    # -- crashes ---------------------------------------------------------------------------------------------------

    def start_again(self) -> None:
        """Open the file anew, and ask the till's journal about what it left open."""
        self.shop.app = self.shop.open()
        self.shop.app.till().settle(self.outcome)

    def outcome(self, ref: PaymentRef) -> Outcome:
        final = next(paid.final for paid in self.till.paid.values() if paid.ref == ref)
        return {None: Outcome.UNKNOWN, True: Outcome.FINAL, False: Outcome.ABANDONED}[final]

    @rule()
    def crash(self) -> None:
        self.shop.app.database.close()
        self.start_again()

    @rule(death=st.sampled_from(DEATHS), nth=st.integers(1, 3), evening=EVENINGS)
    def send_and_die(self, death: tuple[type, str, str], nth: int, evening: list[tuple[int, dict[int, int]]]) -> None:
        """A sender dies with one of an evening's sales, or its settlement, in hand."""
        self.sell_all(evening)
        owner, name, when = death
        real, calls = getattr(owner, name), []

        def die(*told: Any, **more: Any) -> Any:
            calls.append(1)
            if len(calls) == nth and when == "before":
                raise Died
            answer = real(*told, **more)
            if len(calls) == nth:
                raise Died
            return answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, die)
            with suppress(Died, PosPluginError):
                self.shop.send()
        self.crash()

    # -- sending ---------------------------------------------------------------------------------------------------

    @rule()
    def send(self) -> None:
        with suppress(ConfigError):  # VAT would be reported twice: said, and nothing sent
            self.shop.send()

    @rule()
    def follow(self) -> None:
        self.shop.app.follow()

    @rule(kind=FAULTS, path=PATHS, every=st.integers(1, 3), times=st.sampled_from([1, 2, None]))
    def something_fails(self, kind: str, path: str, every: int, times: int | None) -> None:
        method, _, where = path.rpartition(" ")
        self.go.fault(kind, path=where, method=method or None, every=every, times=times)

    @rule()
    def nothing_fails(self) -> None:
        self.go.clear_faults()

    @rule(
        kind=FAULTS,
        path=PATHS,
        every=st.integers(1, 3),
        times=st.sampled_from([1, 2, None]),
        evening=EVENINGS,
        again=st.sampled_from([0, 0, 0.02, 3]),
    )
    def a_night_on_which_something_fails(
        self,
        *,
        kind: str,
        path: str,
        every: int,
        times: int | None,
        evening: list[tuple[int, dict[int, int]]],
        again: float,
    ) -> None:
        """Sales, the day, and two runs while something fails, the second a little later."""
        self.sell_all(evening)
        self.close_day(evening[0][1])
        self.something_fails(kind, path, every, times)
        self.send()
        self.time_passes(again)
        self.send()
        self.nothing_fails()

    def sell_all(self, evening: list[tuple[int, dict[int, int]]]) -> None:
        for customer, amounts in evening:
            self.sell(customer, amounts)

    # -- people ----------------------------------------------------------------------------------------------------

    def waiting(self) -> list[Record]:
        return self.shop.app.outbox.needing_a_person()

    @precondition(lambda self: hasattr(self, "till") and self.waiting())
    @rule(data=st.data(), act=st.sampled_from(["retry", "retry", "amend", "accept", "discard"]))
    def technician(self, data: st.DataObject, act: str) -> None:
        waiting = {record.receipt: record for record in self.waiting()}
        record, office = waiting[data.draw(st.sampled_from(sorted(waiting)))], self.shop.app.office()
        paid = next((paid for paid in self.till.paid.values() if paid.ref == record.ref), None)
        with suppress(PosPluginError):
            if act == "retry":
                if paid and paid.final is None:  # has looked into the till's journal, and there it stands
                    self.till.capture(record.receipt)
                else:
                    office.retry(record)
            elif act == "amend":
                office.amend(record, customer=data.draw(CUSTOMERS))
            elif act == "accept":
                self.shop.app.settlement_desk().accept(record, "seen")
            elif data.draw(st.booleans()):
                self.let_go(record)

    def let_go(self, record: Record) -> None:
        self.shop.app.office().discard(record, "invoiced by hand")
        for paid in self.till.paid.values():
            paid.discarded |= paid.ref == record.ref

    @rule(number=CUSTOMERS)
    def archive_or_restore(self, number: int) -> None:
        is_archived = number not in self.archived
        self.archived ^= {number}
        self.go.change("customer", "Number", number, IsArchived=is_archived, IsActive=not is_archived)

    @rule()
    def read_customers(self) -> None:
        with suppress(AccountingError):
            self.shop.app.sync_customers()

    @rule(data=st.data())
    def somebody_sends_a_draft(self, data: st.DataObject) -> None:
        if drafts := self.go.orders():
            number = data.draw(st.integers(0, len(drafts) - 1))
            with suppress(ValueError):
                self.go.send_order(drafts[number]["Id"])

    @rule(mode=st.sampled_from(sorted(MODES)), window=st.sampled_from(["1m", "2h"]))
    def change_settings(self, mode: str, window: str) -> None:
        """In force from the next business date: the till fixes who reports VAT by the day's first sale."""
        self.shop.write(schedule=f'window = "{window}"', **MODES[mode])
        self.crash()

    # -- time ------------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([0.02, 1, 9, 30]))
    def time_passes(self, hours: float) -> None:
        self.shop.later(timedelta(hours=hours))

    @rule(by=JUMPS)
    def the_clock_is_wrong(self, by: timedelta) -> None:
        self.shop.ahead += by - self.wrong
        self.wrong = by

    @rule()
    def the_clock_is_right(self) -> None:
        self.shop.ahead -= self.wrong
        self.wrong = timedelta(0)

    # -- always ----------------------------------------------------------------------------------------------------

    @invariant()
    def whole(self) -> None:
        if hasattr(self, "till"):
            self.till.nothing_is_lost()
            self.till.nothing_is_doubled()
            self.till.what_was_let_go_is_not_sent()
            self.till.histories_only_grow()
            self.till.reasons_have_remedies()
            self.till.vat_is_reported_once()
            self.till.books_balance()

    # -- in the end ------------------------------------------------------------------------------------------------

    def all_comes_right(self) -> None:
        """Whatever failed is over: each final sale is delivered, or a person has let it go, or must look."""
        self.go.clear_faults()
        self.the_clock_is_right()
        for number in sorted(self.archived):
            self.archive_or_restore(number)
        for receipt in self.till.open_promises():
            self.till.capture(receipt)
        self.shop.app.sync_customers(everything=True)
        for mode in (*sorted(MODES), *sorted(MODES)):
            self.shop.write(**MODES[mode])
            self.crash()
            if mode != min(MODES) and not self.left():
                break
            assert [finding for finding in self.shop.app.office().check() if not finding.ok] == []
            for _ in range(3):
                self.shop.until_quiet()
                self.time_passes(0.02)  # until what has been posted can be read
                self.mend_what_can_be()
        self.shop.until_quiet()
        self.whole()
        self.till.clearing_is_right()
        self.nothing_is_left()

    def mend_what_can_be(self) -> None:
        for record in self.waiting():
            with suppress(PosPluginError):
                if record.reason in DECIDED:
                    self.shop.app.settlement_desk().accept(record, "seen")
                elif self.till.credits_what_was_let_go(record):
                    self.let_go(record)
                else:
                    self.shop.app.office().retry(record)

    def nothing_is_left(self) -> None:
        """Every final sale is delivered, or a person has let it go."""
        left = {record.receipt: (record.status, record.reason, record.detail) for record in self.left()}
        assert not left, left

    def left(self) -> list[Record]:
        done = {Status.DELIVERED, Status.DISCARDED, Status.CANCELLED}
        return [record for record in self.shop.records() if record.status not in done or record.reason is not None]

    def count(self) -> None:
        """Add up what has been played."""
        records = self.shop.records()
        strikes = sum(len(cast("list[str]", request["faults"])) for request in self.go.requests)
        PLAYED.update(
            examples=1,
            sales=len(self.till.paid),
            days=self.z,
            delivered=sum(1 for record in records if record.status is Status.DELIVERED),
            events=sum(len(self.shop.app.outbox.events(record)) for record in records),
            requests=len(self.go.requests),
            faults=strikes,
        )
        PLAYED.update(
            f"reason {event.reason}" for r in records for event in self.shop.app.outbox.events(r) if event.reason
        )


Machine.TestCase.settings = hypothesis.settings(
    max_examples=int(os.environ.get("FAULTS_EXAMPLES", "500" if IS_LONG else "10")),
    stateful_step_count=40 if IS_LONG else 25,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.mark.timeout(0 if IS_LONG else 300)
class TestMachine(Machine.TestCase):  # type: ignore[misc,valid-type]  # made by Hypothesis
    """The machine, for pytest."""

    @classmethod
    def tearDownClass(cls) -> None:
        print(*(f"{count} {what}" for what, count in sorted(PLAYED.items())), sep="\n")
