"""posplugin: settings, sending, and what a technician does. Exit codes: 0 done, 1 failed, 2 usage, 3 attention."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from posplugin import __version__, logs
from posplugin.accounting_system import AccountingError
from posplugin.cli.output import Exit, coloured, out, say
from posplugin.cli.records import choices
from posplugin.cli.speech import ENGLISH, language, speak, speak_as_set, words, wrong_in
from posplugin.domain.errors import ConfigError, PosPluginError, UsageError
from posplugin.outbox.naming import SeveralMatch
from posplugin.texts import details
from posplugin.texts.refused import in_words

#: Each command, and the module here that makes it; in the order of the help.
_MADE_BY: Final = {
    "init": "setup",
    "check": "setup",
    "simulator": "setup",
    "send": "sending",
    "service": "sending",
    "status": "status",
    "console": "console",
    "config": "setup",
    "outbox": "outbox",
    "customers": "customers",
    "departments": "departments",
    "ledger": "ledger",
    "settlement": "settlement",
}


class _Commands(TyperGroup):
    """Imports a command when it is asked for: what goes on for days holds no other."""

    _made: MutableMapping[str, Any]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return [*_MADE_BY]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name in _MADE_BY and cmd_name not in self._made:
            some = typer.Typer(rich_markup_mode=None)
            import_module(f"posplugin.cli.{_MADE_BY[cmd_name]}").add_to(some)
            self._made.update(typer.main.get_group(some).commands)
        return self._made.get(cmd_name)

    @property
    def commands(self) -> MutableMapping[str, Any]:
        return {name: self.get_command(None, name) for name in _MADE_BY}

    @commands.setter
    def commands(self, made: MutableMapping[str, Any]) -> None:
        self._made = made


app = typer.Typer(
    name="posplugin",
    cls=_Commands,
    help="Faktura at the till, delivered to PowerOffice GO. "
    "Exit codes: 0 done, 1 failed, 2 usage or settings, 3 records need attention "
    "(of send, outbox sync, status, settlement preview, import-saft; lists end with 0).",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


#: These go on for days, and nobody sits there: what is the matter stands in their log.
_LOGGING = frozenset({"service", "console"})


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"posplugin {__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="The settings file; else POSPLUGIN_CONFIG, else posplugin.toml in the working folder."
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every step to stderr.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log as JSON lines.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take what comes before the command."""
    del version  # its callback has said it
    logs.configure(json=log_json, verbose=verbose)
    if not (verbose or log_json or context.invoked_subcommand in _LOGGING):
        logging.getLogger("posplugin").setLevel(logging.ERROR)  # what is the matter, the command says in words
    context.obj = config
    speak_as_set(config)


def main() -> None:
    """Run a command; errors are sentences, never tracebacks."""
    speak(ENGLISH)
    try:
        app(prog_name="posplugin")
    except ConfigError as error:
        for wrong in wrong_in(error):
            say(coloured("red", words().common.settings, f" {wrong}"))
        sys.exit(Exit.USAGE)
    except AccountingError as error:
        say(coloured("red", "PowerOffice:", f" {details.in_words(error.words, language())}"))
        sys.exit(Exit.FAILED)
    except SeveralMatch as error:
        say(coloured("red", in_words(error, language())))
        choices(error.records)
        sys.exit(Exit.FAILED)
    except PosPluginError as error:
        say(coloured("red", in_words(error, language())))
        sys.exit(Exit.USAGE if isinstance(error, UsageError) else Exit.FAILED)
