"""posplugin: settings, sending, and what a technician does. Exit codes: 0 done, 1 failed, 2 usage, 3 attention."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from posplugin import __version__, logs
from posplugin.accounting_system import AccountingError
from posplugin.checking.settings_said import in_file
from posplugin.cli import console, customers, departments, ledger, outbox, sending, settlement, setup, status
from posplugin.cli.output import Exit, coloured, out, say
from posplugin.cli.records import choices
from posplugin.cli.speech import ENGLISH, language, speak, speak_as_set, words
from posplugin.domain.errors import ConfigError, PosPluginError, UsageError
from posplugin.outbox.naming import SeveralMatch
from posplugin.texts import details
from posplugin.texts.refused import in_words

app = typer.Typer(
    name="posplugin",
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


setup.add_to(app)
sending.add_to(app)
app.command()(status.status)
app.command()(console.console)
app.add_typer(outbox.app, name="outbox")
app.add_typer(customers.app, name="customers")
app.add_typer(departments.app, name="departments")
app.add_typer(ledger.app, name="ledger")
app.add_typer(settlement.app, name="settlement")


def main() -> None:
    """Run a command; errors are sentences, never tracebacks."""
    speak(ENGLISH)
    try:
        app(prog_name="posplugin")
    except ConfigError as error:
        for problem in error.problems:
            say(coloured("red", words().common.settings, f" {in_file(problem, language())}"))
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
