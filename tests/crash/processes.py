"""Processes that can be killed: forked from one that has imported everything, so that a death costs milliseconds."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.crash.steps import LOG, NO_DEATH, Death, Steps

#: What a process tells its witness; what has been told is there after its death.
Tell = Callable[[dict[str, Any]], None]
#: What a process tells when its files are open.
OPENED = "opened"
#: What a process does: in a world's folder, telling of it.
Work = Callable[..., None]

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        *("posplugin.hooks", "posplugin.app", "posplugin.papers.pdf", "posplugin.simulator", "tests.crash.checker"),
        *("tests.crash.till_process", "tests.crash.sender_process", "tests.crash.simulator_process"),
        "tests.crash.file_process",
    ]
)
#: Seconds that a process is given to tell something, a second at a time: one that was suspended has its time still.
_PATIENCE = 120


@dataclass
class Child:
    """A process at work, and what it has told."""

    process: ForkServerProcess
    _ear: Connection
    told: list[dict[str, Any]] = field(default_factory=list)

    def kill(self) -> bool:
        """Kill it, wherever it is; return whether it lived until then."""
        lived = self.process.is_alive()
        self.process.kill()
        self.wait()
        return lived

    def hear(self) -> dict[str, Any] | None:
        """Return what it tells next; None when it tells nothing any more."""
        if not any(self._ear.poll(1.0) for _ in range(_PATIENCE)):
            self.process.kill()
            raise TimeoutError(f"{self.process.name} came to no end; it told {self.told[-3:]}")
        try:
            self.told.append(self._ear.recv())
        except (EOFError, OSError):
            return None
        return self.told[-1]

    def wait(self) -> bool:
        """Hear it to its end; return whether it lived to see it. Its own errors are in what it told."""
        while not self._ear.closed and self.hear() is not None:
            pass
        self.process.join()
        self._ear.close()
        code = self.process.exitcode
        if code not in (0, -signal.SIGKILL) and not any("error" in words for words in self.told):
            self.told.append({"error": f"it ended with {code}"})
        return code == 0

    @property
    def errors(self) -> list[str]:
        """What it failed of."""
        return [words["error"] for words in self.told if "error" in words]


def begin(work: Work, folder: Path, *arguments: Any, death: Death = NO_DEATH) -> Child:
    """Start a process that does some work in a folder, and dies as it is told to."""
    ear, mouth = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_live, args=(work, folder, death, mouth, arguments), name=work.__name__)
    process.daemon = True
    process.start()
    mouth.close()
    return Child(process, ear)


def _live(work: Work, folder: Path, death: Death, mouth: Connection, arguments: tuple[Any, ...]) -> None:
    logging.disable()
    threading.Thread(target=_end_with_the_witness, daemon=True).start()
    for name in [name for name in os.environ if name.startswith("POSPLUGIN_")]:
        del os.environ[name]
    os.environ["POSPLUGIN_CONFIG"] = str(folder / "posplugin.toml")
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = str(folder)  # the simulator needs no certificates, and reading them takes long
    steps = Steps(folder / LOG, death) if death != NO_DEATH else None
    if steps:
        steps.wrap()

    def tell(words: dict[str, Any]) -> None:
        mouth.send(words)
        if steps and words.get(OPENED):
            steps.begin()

    try:
        work(folder, tell, *arguments)
    except BaseException:
        mouth.send({"error": traceback.format_exc()})
        os._exit(1)


def _end_with_the_witness() -> None:
    """Nobody is left to kill a process, or to stop PowerOffice, whose witness has been killed itself."""
    if witness := multiprocessing.parent_process():
        witness.join()
        os._exit(1)
