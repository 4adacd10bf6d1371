"""What the till's process holds of the machine, week for week, and whether that is flat."""

from __future__ import annotations

import csv
import gc
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from statistics import median, quantiles

MEGABYTE = 1_000_000
_KERNEL = Path("/proc/self")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One week, measured in the morning after the night's runs, when nothing is under way."""

    day: date
    #: By then, since the beginning.
    sales: int
    documents: int
    #: Of the process: resident memory and open descriptors (0 where the kernel does not tell), threads, objects that
    #: the garbage collector knows of when it has collected.
    rss_mb: float
    descriptors: int
    threads: int
    objects: int
    #: Of the outbox: its log, the largest after a night of the week, and itself.
    wal_mb: float
    file_mb: float
    #: The two hooks of a sale on account; the speed of the machine is in it.
    hooks_p50_ms: float
    hooks_p99_ms: float
    #: Seconds of the processor that an evening with its night took, this process alone.
    cpu_s: float


def log_size(outbox: Path) -> int:
    """Return the bytes of the outbox's log."""
    log = outbox.with_name(f"{outbox.name}-wal")
    return log.stat().st_size if log.exists() else 0


def sample(
    outbox: Path, *, day: date, sales: int, documents: int, log: int, took: Sequence[float], cpu: float
) -> Sample:
    """Measure now; `log` is the largest that the outbox's log was after a night of this week."""
    gc.collect()
    told = quantiles(took, n=100) if len(took) > 1 else [0.0] * 99
    return Sample(
        day=day,
        sales=sales,
        documents=documents,
        rss_mb=_resident() / MEGABYTE,
        descriptors=len([*(_KERNEL / "fd").iterdir()]) if _KERNEL.exists() else 0,
        threads=threading.active_count(),
        objects=len(gc.get_objects()),
        wal_mb=log / MEGABYTE,
        file_mb=outbox.stat().st_size / MEGABYTE,
        hooks_p50_ms=told[49] * 1000,
        hooks_p99_ms=told[98] * 1000,
        cpu_s=cpu,
    )


def _resident() -> int:
    if not _KERNEL.exists():
        return 0
    return int((_KERNEL / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


HEAD = "      day   sales    docs  RSS MB   fds  threads  objects  WAL MB  file MB  p50 ms  p99 ms  CPU s"


def row(told: Sample) -> str:
    """Return a row under `HEAD`."""
    hooks = f"{told.hooks_p50_ms:>7.1f} {told.hooks_p99_ms:>7.1f} {told.cpu_s:>6.2f}"
    return (
        f"{told.day} {told.sales:>6} {told.documents:>7} {told.rss_mb:>7.1f} {told.descriptors:>5} {told.threads:>8} "
        f"{told.objects:>8} {told.wal_mb:>7.2f} {told.file_mb:>8.1f} {hooks}"
    )


def write(path: Path, samples: Sequence[Sample]) -> None:
    """Write all as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Sample)])
        rows.writeheader()
        for each in samples:
            rows.writerow({name: round(v, 3) if isinstance(v, float) else v for name, v in asdict(each).items()})


# -- flat or not -------------------------------------------------------------------------------------------------------

#: Between the second quarter and the last one, in which nothing is loaded or filled for the first time any more.
#: Descriptors: one that was left behind every week would be 26 in a whole year. SQLite itself keeps one open that was
#: closed while another connection to the file was not, until it can use it again.
#: Threads: none, since what starts one waits for its end.
#: Objects: one that every sale on account left behind would be 18,000 in a whole year, so that one of every ninth would
#: be seen. Caches of the interpreter, of libraries and of the till here are bounded, and some fill late.
#: Memory: what the allocator keeps of the largest night so far; 300 bytes that every sale left behind would be more.
#: The log: SQLite begins it anew after 1000 pages; a transaction of a night may lie on top of that.
DESCRIPTORS = 4
OBJECTS = 2_000
RSS_MB = 12.0
WAL_MB = 16.0


def leaks(samples: Sequence[Sample]) -> list[str]:
    """Return a sentence for everything that grows; nothing where all is flat. Takes at least eight weeks."""
    if len(samples) < 8:
        return [f"only {len(samples)} weeks were measured: whether anything grows is not to be seen"]
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    sold = late[-1].sales - early[-1].sales
    found = []

    def grown(name: str, most: float, of: Callable[[Sample], float]) -> None:
        before, after = median(map(of, early)), median(map(of, late))
        if after - before > most:
            told = f"{name} grew from {before:,.0f} to {after:,.0f} over {sold:,} sales"
            found.append(f"{told}; {most:,.0f} more would still be flat")

    grown("the number of open descriptors", DESCRIPTORS, lambda each: each.descriptors)
    grown("the number of threads", 0, lambda each: each.threads)
    grown("the number of objects", OBJECTS, lambda each: each.objects)
    grown("resident memory (MB)", RSS_MB, lambda each: each.rss_mb)
    largest = max(each.wal_mb for each in samples)
    if largest > WAL_MB:
        found.append(f"the outbox's log was {largest:.1f} MB after a night; {WAL_MB:.0f} is what it may be")
    return found
