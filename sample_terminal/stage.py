"""`make till`: PowerOffice (simulated), the technician's console and the till, to try everything by hand.

All three are processes of their own in a fresh folder, set up as a technician would; nothing of it is left behind.
"""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from sample_terminal.demo_books import LEDGER
from sample_terminal.processes import POSPLUGIN, TILL, StepFailed, run, started, title

_TILL_ID: Final = "till-1"
_SIMULATOR_PORT, _CONSOLE_PORT, _TILL_PORT = 8900, 8901, 8902
#: The till's own customer ids, and the PowerOffice number that each is linked to.
_LINKED: Final = {"K-17": "10001", "K-21": "10002"}
#: What is agreed with customers: one is near its limit, one gives a reference by itself.
_AGREED: Final = {
    "10002": ("--credit-limit", "5000.00"),
    "10003": ("--reference", "Kari Nordmann", "--order-number", "PO-4711"),
    "10010": ("--credit-limit", "250.00"),
}


def stage(folder: Path, stack: ExitStack, language: str = "nb") -> tuple[str, str, str]:
    """Set everything up in an empty folder, and return the addresses of simulator, console and till.

    They speak the language, and run until the stack is closed. Raises `StepFailed`.
    """
    settings = folder / "posplugin.toml"
    state = str(folder / "simulator.sqlite3")
    simulator = _at(folder, stack, _SIMULATOR_PORT, *POSPLUGIN, "simulator", "--state", state)
    title("Settings, customers, and the whole set-up proven")
    mode = ("--terminal", _TILL_ID, "--department", "bar", "--department-code", "10", "--mode", "simulator")
    run(folder, *POSPLUGIN, "init", *mode, "--simulator-url", simulator)
    written = settings.read_text(encoding="utf-8").replace('language = "nb"', f'language = "{language}"')
    settings.write_text(written + LEDGER, encoding="utf-8")
    run(folder, *POSPLUGIN, "customers", "sync")
    for host_id, number in _LINKED.items():
        run(folder, *POSPLUGIN, "customers", "link", host_id, number)
    for number, agreed in _AGREED.items():
        run(folder, *POSPLUGIN, "customers", "set", number, *agreed)
    run(folder, *POSPLUGIN, "check")
    files = ("--config", str(settings), "--journal", str(folder / "journal.sqlite3"))
    till = _at(folder, stack, _TILL_PORT, *TILL, "till", *files)
    console = _at(folder, stack, _CONSOLE_PORT, *POSPLUGIN, "console")
    return f"{simulator}/simulator", console, till


def _at(folder: Path, stack: ExitStack, port: int, *command: str) -> str:
    """Start a process that lasts as long as the stack, at the port or, where that is taken, at any that is free."""
    try:
        return stack.enter_context(started(folder, *command, "--port", str(port)))
    except StepFailed:
        return stack.enter_context(started(folder, *command, "--port", "0"))


def main() -> int:
    """Run all three until Ctrl-C; 0 unless something could not be started."""
    parser = argparse.ArgumentParser(prog="python -m sample_terminal.stage", description=__doc__)
    parser.add_argument("--language", choices=("nb", "en"), default="nb", help="the cashier's; default: %(default)s")
    language = parser.parse_args().language
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # Ctrl-C too where a shell has it ignored
        signal.signal(ending, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="posplugin-till-") as name, ExitStack() as stack:
        try:
            simulator, console, till = stage(Path(name), stack, language)
            title("Open these in a browser on this machine")
            print(f"till       {till}")
            print(f"console    {console}   (this link lets one browser in, once; Enter prints another)")
            print(f"simulator  {simulator}   (PowerOffice GO, simulated; it is not PowerOffice)")
            program = shlex.quote(str(Path(sys.executable).with_name("posplugin")))
            print(f"\nCommands, in another terminal window:\n{program} --config {name}/posplugin.toml outbox list")
            print("\nCtrl-C ends all three, and leaves nothing behind.", flush=True)
            signal.pause()
        except StepFailed as error:
            print(f"The till could not be set up: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nended", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
