"""`make till`: PowerOffice (simulated), the technician's console and the till, to try everything by hand.

All three are processes of their own in a fresh folder, set up as a technician would; nothing of it is left behind.
"""

from __future__ import annotations

import signal
import socket
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


def stage(folder: Path, stack: ExitStack) -> tuple[str, str, str]:
    """Set everything up in an empty folder, and return the addresses of simulator, console and till.

    They run until the stack is closed. Raises `StepFailed`.
    """
    settings = folder / "posplugin.toml"
    port, state = str(_free(_SIMULATOR_PORT)), str(folder / "simulator.sqlite3")
    simulator = stack.enter_context(started(folder, *POSPLUGIN, "simulator", "--port", port, "--state", state))
    title("Settings, customers, and the whole set-up proven")
    mode = ("--terminal", _TILL_ID, "--department", "bar", "--department-code", "10", "--mode", "simulator")
    run(folder, *POSPLUGIN, "init", *mode, "--simulator-url", simulator)
    with settings.open("a") as file:
        file.write(LEDGER)
    run(folder, *POSPLUGIN, "customers", "sync")
    for host_id, number in _LINKED.items():
        run(folder, *POSPLUGIN, "customers", "link", host_id, number)
    for number, agreed in _AGREED.items():
        run(folder, *POSPLUGIN, "customers", "set", number, *agreed)
    run(folder, *POSPLUGIN, "check")
    files = ("--config", str(settings), "--journal", str(folder / "journal.sqlite3"))
    till = stack.enter_context(started(folder, *TILL, "till", *files, "--port", str(_free(_TILL_PORT))))
    console = stack.enter_context(started(folder, *POSPLUGIN, "console", "--port", str(_free(_CONSOLE_PORT))))
    return f"{simulator}/simulator", console, till


def _free(port: int) -> int:
    """Return the port, or 0, for any that is free, where it is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def main() -> int:
    """Run all three until Ctrl-C; 0 unless something could not be started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="posplugin-till-") as name, ExitStack() as stack:
        try:
            simulator, console, till = stage(Path(name), stack)
            title("Open these in a browser on this machine")
            print(f"till       {till}")
            print(f"console    {console}   (this link lets one browser in, once; Enter prints another)")
            print(f"simulator  {simulator}   (PowerOffice GO, simulated; it is not PowerOffice)")
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
