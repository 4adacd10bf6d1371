"""What is done to the file itself, to be killed in the middle: a backup, by the command."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from posplugin.cli.main import main
from tests.crash.processes import Tell

BACKUP = "backup.sqlite3"


def backup(folder: Path, tell: Tell) -> None:
    """Run `posplugin outbox backup`."""
    sys.argv = ["posplugin", "outbox", "backup", str(folder / BACKUP)]
    try:
        with redirect_stderr(StringIO()):
            main()
    except SystemExit as ended:
        if ended.code:
            raise RuntimeError(f"`outbox backup` ended with {ended.code}") from None
    tell({"backup": True})
