"""The commands a technician uses, as processes in a scratch folder: what the demo and the stage are made of."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

POSPLUGIN: Final = (sys.executable, "-m", "posplugin")
TILL: Final = (sys.executable, "-m", "sample_terminal")
#: Seconds that a process is given to end before it is killed.
_PATIENCE: Final = 10.0


class StepFailed(Exception):
    """A step did not do what it should; the text says which."""


def run(folder: Path, *command: str, expected: Sequence[int] = (0,)) -> None:
    """Say a command and run it. Raises `StepFailed` unless it ends with an exit code that is expected."""
    print(f"$ {said(command)}", flush=True)
    done = subprocess.run(command, cwd=folder, env=environment(folder), check=False)
    if done.returncode not in expected:
        raise StepFailed(f"{said(command)} ended with exit code {done.returncode}")


def output(folder: Path, *command: str) -> str:
    """Run a command and return what it prints."""
    return subprocess.run(
        command, cwd=folder, env=environment(folder), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@contextmanager
def started(folder: Path, *command: str) -> Iterator[str]:
    """Run a command beside, and give the address that it prints first; what else it prints follows on stdout.

    Raises `StepFailed` when it ends without one.
    """
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=quiet, text=True
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise StepFailed(f"`{said(command)}` did not start; run it to see why")
            threading.Thread(target=_follow, args=(process.stdout,), daemon=True).start()
            yield address
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _follow(stream: IO[str]) -> None:
    try:
        for line in stream:
            print(line, end="", flush=True)
    except ValueError:
        return  # closed with its process


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of the processes: this checkout, and the settings in the folder."""
    root = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": root, "POSPLUGIN_CONFIG": str(folder / "posplugin.toml"), "COLUMNS": "100"}


def said(command: Sequence[str]) -> str:
    """Return a command as a person types it."""
    words = ["posplugin", *command[3:]] if tuple(command[:3]) == POSPLUGIN else ["python", *command[1:]]
    return shlex.join(Path(word).name if "/" in word and not word.startswith("http") else word for word in words)


def title(text: str) -> None:
    """Print the title of a step."""
    print(f"\n── {text} " + "─" * max(0, 76 - len(text)), flush=True)
