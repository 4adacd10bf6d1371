"""What is the matter with PowerOffice on a night, at random."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any, Final

from posplugin.simulator import Simulator

Faults = tuple[Mapping[str, Any], ...]

#: By name: the faults of the simulator that are set for the night. Primes, so that they meet in every way.
NIGHTS: Final[Mapping[str, Faults]] = {
    "calm": (),
    "answers lost": (
        {"kind": "drop-after", "every": 7},
        {"kind": "drop-before", "every": 11},
        {"kind": "cut", "every": 13},
    ),
    "too many requests": ({"kind": "429", "every": 3},),
    "failing": ({"kind": "500-before", "every": 7}, {"kind": "500-after", "every": 11}),
    "reads lag": ({"kind": "drop-after", "method": "POST", "every": 5},),
    "token refused": ({"kind": "401", "every": 9},),
    "slow": ({"kind": "drip", "every": 17, "seconds": 0.05}, {"kind": "delay-after", "every": 13, "seconds": 0.05}),
    "down": ({"kind": "503"},),
}
_HOW_OFTEN: Final = {
    "calm": 12,
    "answers lost": 6,
    "too many requests": 3,
    "failing": 4,
    "reads lag": 4,
    "token refused": 2,
    "slow": 2,
    "down": 2,
}
#: How many nights it is down in a row, where it is.
_DOWN: Final = (1, 1, 3)


def nights(dice: random.Random) -> Iterator[str]:
    """Yield what the next night is like, without end."""
    while True:
        name = dice.choices([*_HOW_OFTEN], [*_HOW_OFTEN.values()])[0]
        yield from [name] * (dice.choice(_DOWN) if name == "down" else 1)


def comes(go: Simulator, name: str) -> None:
    """Let a night begin."""
    clears(go)
    go.switch("U4", "b" if name == "reads lag" else "a")
    if name == "token refused":
        go.revoke_tokens()
    for fault in NIGHTS[name]:
        go.fault(**fault)


def clears(go: Simulator) -> None:
    """Let it be over."""
    go.clear_faults()
    go.switch("U4", "a")
