"""What `check` found: facts, in no language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posplugin.domain.fault import Fault
from posplugin.domain.look import Look


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, whether it is right, and the facts that its sentence needs."""

    look: Look
    #: None: it is right.
    fault: Fault | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it is right."""
        return self.fault is None


def right(look: Look, **facts: object) -> Finding:
    """Return a finding of something that is as it should be."""
    return Finding(look, None, facts)


def wrong(fault: Fault, look: Look, **facts: object) -> Finding:
    """Return a finding of a fault."""
    return Finding(look, fault, facts)
