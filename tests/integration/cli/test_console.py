"""`posplugin console`: a link that works once, until it is told to end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.cli.conftest import Run

_MAIN = "from posplugin.cli.main import main; main()"


def _command(*words: str, before: str = "") -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.argv = ['posplugin', *{list(words)!r}]; {before}{_MAIN}"]


@contextmanager
def _running() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a console of its own; give it with the link that it prints."""
    console = subprocess.Popen(
        _command("console", "--port", "0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with console:
        try:
            assert console.stdout is not None
            yield console, console.stdout.readline().strip()
        finally:
            console.kill()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_link_that_is_printed_opens_the_console_until_it_is_ended(till: Run, sign: signal.Signals) -> None:
    with _running() as (console, link):
        with urllib.request.urlopen(link) as page:
            assert "Du er inne" in page.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="403") as again:
            urllib.request.urlopen(link)
        again.value.close()
        console.send_signal(sign)
        out, err = console.communicate(timeout=60)
    assert console.returncode == 0
    assert out == ""  # nothing but the link is data
    assert "Konsollen for till-1 kjører." in err
    assert "Konsollen er avsluttet." in err
    assert "Enter" not in err  # nobody sits there to press it
    assert "token" not in err


def test_it_listens_on_this_machine_alone(shop: Run) -> None:
    with _running() as (_, link):
        port = int(link.split(":")[2].split("/")[0])
        for address in ("127.0.0.2", _own_address()):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((address, port), timeout=5)


def _own_address() -> str:
    """Return an address of this machine that others see, or another of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.3"
        return str(asked.getsockname()[0])


def test_a_port_that_is_taken_is_told_with_the_remedy(till: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = till("console", "--port", str(port))
    assert code == 2
    assert f"port {port} på 127.0.0.1 er ikke å få" in " ".join(err.split())


@pytest.mark.parametrize("port", ["-1", "70000"])
def test_a_port_that_cannot_be_is_told_in_words(shop: Run, port: str) -> None:
    code, _, err = shop("console", "--port", port)
    assert (code, "Traceback" in err) == (2, False)


def test_without_the_extra_it_says_what_to_install(shop: Run) -> None:
    command = _command("console", before="sys.modules['waitress'] = None; ")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'posplugin[web]'" in done.stderr
