"""Many terminals of one vendor, one subscription key: how long until all is delivered, and how often 429 is said.

A night is played under a virtual clock, with the product's own spread, pacer and retry policy. The gateway lets ten
requests through in any second; one that it refuses counts for nothing. A request is on its way for 20 to 70 ms, and as
long back. In a night a terminal makes a run (a token, four look-ups, 20 invoices), and, at the ticks that follow, sees
what has become of its documents and reads the customers' changes: a token and three requests each. A token lives for 20
minutes. What is refused in the end is tried on, for as long as it takes.

Beside it: the limit (all requests, ten a second), and what one would write first, all at five o'clock and again after
a second. That is played for ten minutes at most: until then each second holds a try of every terminal.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from greenlet import getcurrent, greenlet

from posplugin.outbox.retry import RetryPolicy
from posplugin.poweroffice.client import _AFTER_429
from posplugin.poweroffice.pace import SPACING_SECONDS, Pacer, share
from posplugin.schedule import TICK_SECONDS, spread
from tests.benchmarks.comparison import Comparison, Measured, Table

#: What PowerOffice lets through in a second, for one subscription key, and what it asks a refused one to wait.
LIMIT: Final = 10
_PAUSE: Final = 1.0
_ON_ITS_WAY: Final = (0.02, 0.07)
_TOKEN_LIVES: Final = 1140.0
#: Requests of a run before its first invoice; those that a new pass begins with; those of following, and of customers.
_LOOK_UPS, _AGAIN, _OTHER_WORK = 4, 2, (3, 3)
_TRIED_AGAIN_AFTER: Final = 3600.0
INVOICES: Final = 20
#: All requests of a terminal's night, tokens with them.
REQUESTS: Final = 1 + _LOOK_UPS + INVOICES + sum(1 + number for number in _OTHER_WORK)
_NAIVE_SECONDS: Final = 600.0
_HEAD: Final = (
    "terminals",
    "how",
    "all delivered after",
    "of the limit's time",
    "answered 429",
    "longest of one terminal",
)


class VirtualTime:
    """A clock that jumps to the next moment at which somebody wakes."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, int, greenlet]] = []
        self._number = itertools.count()
        self._hub = greenlet(self._loop)

    def monotonic(self) -> float:
        """Return the present, seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let the others go on until then."""
        heapq.heappush(self._waiting, (self.now + seconds, next(self._number), getcurrent()))
        self._hub.switch()

    def start(self, at: float, work: Callable[[], None]) -> None:
        """Begin some work at a moment."""
        heapq.heappush(self._waiting, (at, next(self._number), greenlet(work, parent=self._hub)))

    def play(self) -> None:
        """Go on until nobody waits."""
        self._hub.switch()

    def _loop(self) -> None:
        while self._waiting:
            self.now, _, who = heapq.heappop(self._waiting)
            who.switch()


@dataclass(slots=True)
class Gateway:
    """Lets so many requests through in any second."""

    asked: int = 0
    refused: int = 0
    _lately: deque[float] = field(default_factory=deque)

    def lets_through(self, now: float) -> bool:
        """Whether a request that arrives now is carried out."""
        self.asked += 1
        while self._lately and self._lately[0] <= now - 1.0:
            self._lately.popleft()
        if len(self._lately) >= LIMIT:
            self.refused += 1
            return False
        self._lately.append(now)
        return True


class Paces(Protocol):
    """What a terminal waits for before each request."""

    def wait(self) -> None:
        """Wait for a place."""

    def pause(self, seconds: float) -> None:
        """Hear that one was refused."""


class Central:
    """What a pacer for all terminals would be: places in the order in which they are asked for."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._next = 0.0

    def wait(self) -> None:
        """Wait for a place."""
        place = max(self._time.now, self._next)
        self._next = place + SPACING_SECONDS
        self._time.sleep(place - self._time.now)

    def pause(self, seconds: float) -> None:
        """Hear that one was refused."""
        self._next = max(self._next, self._time.now + seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """How a night went."""

    #: Seconds from five o'clock until the last invoice was delivered; None: not played so far.
    took: float | None
    #: The same for the limit.
    limit: float
    #: Per cent.
    refused: float
    #: Seconds from a terminal's own start to its last invoice.
    longest: float | None = None


class _Terminal:
    """The work of one terminal's night."""

    def __init__(self, time: VirtualTime, gateway: Gateway, chance: random.Random, pacer: Paces) -> None:
        self._time, self._gateway, self._chance, self._pacer = time, gateway, chance, pacer
        self._token = 0.0

    def run(self, invoices: int) -> None:
        """Deliver so many invoices, in as many passes as it takes."""
        self._token, left = 0.0, _LOOK_UPS + invoices
        for passes in itertools.count(1):
            left -= sum(1 for _ in itertools.takewhile(bool, (self._ask() for _ in range(left))))
            if not left:
                return
            self._time.sleep(RetryPolicy().delay(passes, self._chance.random).total_seconds())
            left += _AGAIN

    def ask_for_what_else_there_is(self) -> None:
        """Do the other work of every day, each at a tick."""
        for number in _OTHER_WORK:
            self._time.sleep(TICK_SECONDS)
            self._token = 0.0
            while not all(self._ask() for _ in range(number)):
                self._time.sleep(_TRIED_AGAIN_AFTER)

    def _ask(self) -> bool:
        """Make a request as the client does, with a new token where the last is too old; tell whether it got by."""
        if not self._token or self._time.now - self._token > _TOKEN_LIVES:
            if not self._send():
                return False
            self._token = self._time.now
        return self._send()

    def _send(self) -> bool:
        for _ in range(_AFTER_429):
            self._pacer.wait()
            self._time.sleep(self._chance.uniform(*_ON_ITS_WAY))
            through = self._gateway.lets_through(self._time.now)
            self._time.sleep(self._chance.uniform(*_ON_ITS_WAY))
            if through:
                return True
            self._pacer.pause(_PAUSE)
        return False


def play(
    terminals: int, *, told: int, central: bool = False, unequal: bool = False, at_once: bool = False, seed: int = 7
) -> Night:
    """Play a night of so many terminals, of whom each has been told that they are `told`.

    `central`: all wait at one pacer instead, from five o'clock on. `unequal`: few have many invoices, 20 on average.
    `at_once`: all are switched on within a minute, when their time has passed.
    """
    time, gateway, chance = VirtualTime(), Gateway(), random.Random(seed)
    common, ends, waits, requests = Central(time), [0.0], [0.0], []

    def start(number: int) -> None:
        invoices = round(chance.expovariate(1 / INVOICES)) if unequal else INVOICES
        own = Pacer(share(told), monotonic=time.monotonic, sleep=time.sleep, chance=chance.random)
        begins = chance.uniform(0, 60 if at_once else TICK_SECONDS)
        begins += 0 if at_once or central else spread(f"till-{number}", told).total_seconds()
        requests.append(REQUESTS - INVOICES + invoices)

        def work() -> None:
            terminal = _Terminal(time, gateway, chance, common if central else own)
            terminal.run(invoices)
            ends.append(time.now)
            waits.append(time.now - begins)
            terminal.ask_for_what_else_there_is()

        time.start(begins, work)

    for number in range(terminals):
        start(number)
    time.play()
    limit = sum(requests) / LIMIT
    return Night(took=max(ends), limit=limit, refused=100 * gateway.refused / gateway.asked, longest=max(waits))


def naive(terminals: int, *, seed: int = 7) -> Night:
    """All begin at five, each request follows the last answer, and what is refused comes again after a second."""
    gateway, chance = Gateway(), random.Random(seed)
    waiting = [(chance.random(), REQUESTS) for _ in range(terminals)]
    heapq.heapify(waiting)
    now = 0.0
    while waiting and now < _NAIVE_SECONDS:
        now, left = waiting[0]
        there_and_back = chance.uniform(*_ON_ITS_WAY) + chance.uniform(*_ON_ITS_WAY)
        through = gateway.lets_through(now)
        if through and left == 1:
            heapq.heappop(waiting)
        elif through:
            heapq.heapreplace(waiting, (now + there_and_back, left - 1))
        else:
            heapq.heapreplace(waiting, (now + there_and_back + _PAUSE, left))
    refused = 100 * gateway.refused / gateway.asked
    took = None if waiting else now
    return Night(took=took, limit=terminals * REQUESTS / LIMIT, refused=refused, longest=took)


def measure(quick: bool) -> Measured:
    """Play the nights of fleets of several sizes."""
    sizes = (1, 50) if quick else (1, 100, 1000, 5000)
    most = sizes[-1]
    told = {size: play(size, told=size) for size in sizes}
    first = {size: naive(size) for size in sizes}
    rows: list[tuple[int, str, Night]] = []
    for size in sizes:
        rows.append((size, "told how many they are", told[size]))
        if size > 1:
            rows.append((size, "not told", play(size, told=1)))
        rows.append((size, "all at 05:00, again after a second", first[size]))
    rows.append((most, "told, few with many invoices", play(most, told=most, unequal=True)))
    rows.append((most, "told, all switched on within a minute", play(most, told=most, at_once=True)))
    rows.append((most, "one pacer for all", play(most, told=1, central=True)))
    took = told[most].took or 0.0
    note = f"{INVOICES} invoices each, {REQUESTS} requests; played under a virtual clock"
    return Measured(
        comparisons=[
            Comparison(
                what=f"{most:,} terminals with one key: all delivered",
                beside="ten requests in every second",
                ours=took / 60,
                theirs=told[most].limit / 60,
                unit="min",
                goal=1.1,
                note=note,
            ),
            Comparison(
                what=f"{most:,} terminals with one key: answered 429",
                beside="all at 05:00, again after a second",
                ours=told[most].refused,
                theirs=first[most].refused,
                unit="%",
                goal=5,
                holds="at_most",
            ),
        ],
        tables=[Table(title="fleet", head=_HEAD, rows=list(_as_rows(rows)))],
    )


def _as_rows(nights: list[tuple[int, str, Night]]) -> Iterator[tuple[str, ...]]:
    for size, how, night in nights:
        times = "–" if night.took is None else f"{night.took / night.limit:.2f}×"
        yield f"{size:,}", how, _in_words(night.took), times, f"{night.refused:.1f} %", _in_words(night.longest)


def _in_words(seconds: float | None) -> str:
    if seconds is None:
        return "not in ten minutes"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
