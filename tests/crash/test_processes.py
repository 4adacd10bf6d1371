"""What a witness starts ends with it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from tests.crash.processes import Tell

_ROOT = Path(__file__).parents[2]
_WITNESS = """
from pathlib import Path
from tests.crash.processes import begin
from tests.crash.test_processes import for_ever
print(begin(for_ever, Path()).hear(), flush=True)
input()
"""


def for_ever(_: Path, tell: Tell) -> None:
    """Work until killed."""
    tell({"works": True})
    threading.Event().wait()


def test_nothing_outlives_a_witness_that_is_killed() -> None:
    command = [sys.executable, "-c", _WITNESS]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as witness:
        assert witness.stdout
        assert "works" in witness.stdout.readline()

        witness.kill()

        witness.communicate(timeout=120)  # ends when nobody is left that could write there
