"""console: the web pages for a technician, on this machine."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from typing import Annotated

import typer

from posplugin.cli.context import open_app, texts_of
from posplugin.cli.output import out, say
from posplugin.domain.errors import UsageError

#: Where the console listens unless told.
PORT = 8901


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(console)


def console(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="The port on 127.0.0.1; 0 for any that is free.")] = PORT,
) -> None:
    """Open web pages for a technician on this machine.

    They show queue, runs, settlements, customers and settings, until Ctrl-C. Prints a link that lets one browser
    in, once; Enter prints another. Nothing outside this machine gets there: from afar, make a tunnel first (ssh -L
    8901:127.0.0.1:8901 till) and open the link at your own end.

    Example: posplugin console
    """
    try:
        from posplugin.console.gate import Gate  # noqa: PLC0415  # needs an extra
        from posplugin.console.serve import listen, port_of, serving  # noqa: PLC0415  # needs an extra
        from posplugin.console.site import make_site  # noqa: PLC0415  # needs an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"flask", "werkzeug", "waitress", "jinja2"}:
            raise
        raise UsageError("the console needs Flask and waitress: pip install 'posplugin[web]'") from error
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with open_app(context) as app:
        bound = listen(port)
        gate, words = Gate(port_of(bound)), texts_of(app).console
        with serving(make_site(app, gate), bound):
            say(words.runs_here.format(terminal=app.settings.terminal.id))
            _print_link(gate.link())
            if sys.stdin.isatty():
                say(words.another_link)
                threading.Thread(target=_print_more, args=(gate.link,), daemon=True).start()
            say(words.ctrl_c)
            ended.wait()
        say(words.ended)


def _print_more(link: Callable[[], str]) -> None:
    """Print a new link for each line that a person enters."""
    for _ in sys.stdin:
        _print_link(link())


def _print_link(link: str) -> None:
    out.print(link, soft_wrap=True)
    sys.stdout.flush()
