"""Several things at once, on threads that no program waits for when it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def in_parallel(work: Callable[[T], None], items: Iterable[T], *, width: int) -> None:
    """Do `work` for every item on `width` daemon threads, and wait for all; raise the first error afterwards.

    Daemons, since a till that closes must not wait for a network: what they had in hand is looked up at the next start.
    """
    waiting, taking = iter(items), threading.Lock()
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            while not errors:
                with taking:
                    item = next(waiting, None)
                if item is None:
                    return
                work(item)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=worker, name=f"posplugin-sender-{n}", daemon=True) for n in range(width)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
