"""Who answers, and whether its clock and ours agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from posplugin.accounting_system import Finding, right, wrong
from posplugin.domain.clock import Clock
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.poweroffice.client import PowerOfficeClient

#: Farther apart than this, due times and look-ups by time go wrong.
MOST_APART = timedelta(minutes=2)


def verify_connection(
    client: PowerOfficeClient, departments: Sequence[str], clock: Clock
) -> tuple[Mapping[str, Any], list[Finding]]:
    """Ask who we are there. Return PowerOffice's answer and what is to be said of it."""
    before = clock()
    about: Mapping[str, Any] = client.get("/ClientIntegrationInformation") or {}
    after = clock()
    facts = {"client": about.get("ClientName") or "–", "id": about.get("ClientId") or "–"}
    findings = [right(Look.CONNECTION, departments=tuple(departments), **facts)]
    if client.server_time is not None:
        findings.append(_clock(before, client.server_time, after))
    return about, findings


def _clock(before: datetime, there: datetime, after: datetime) -> Finding:
    """PowerOffice's clock was read between `before` and `after`, to the second."""
    apart = max(before - there, there - after, timedelta(0))
    if apart > MOST_APART:
        told = {"here": f"{after:%Y-%m-%d %H:%M:%S} UTC", "there": f"{there:%Y-%m-%d %H:%M:%S} UTC"}
        return wrong(Fault.CLOCK_WRONG, Look.CLOCK, **told)
    return right(Look.CLOCK, seconds=int(apart.total_seconds()) + 1)
