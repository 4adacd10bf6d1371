"""posplugin: settings, sending, and what a technician does. Exit codes: 0 done, 1 failed, 2 usage, 3 attention."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from posplugin import __version__, logs
from posplugin.accounting_system import AccountingError
from posplugin.cli import customers, departments, ledger, outbox, sending, settlement, setup
from posplugin.cli.output import Exit, coloured, err, out
from posplugin.domain.errors import ConfigError, PosPluginError, UsageError

app = typer.Typer(
    name="posplugin",
    help="Faktura at the till, delivered to PowerOffice GO. "
    "Exit codes: 0 done, 1 failed, 2 usage or settings, 3 records need attention.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    context.obj = config


setup.add_to(app)
sending.add_to(app)
app.add_typer(outbox.app, name="outbox")
app.add_typer(customers.app, name="customers")
app.add_typer(departments.app, name="departments")
app.add_typer(ledger.app, name="ledger")
app.add_typer(settlement.app, name="settlement")


def main() -> None:
    """Run a command; errors are sentences, never tracebacks."""
    try:
        app()
    except ConfigError as error:
        for problem in error.problems:
            err.print(coloured("red", "settings:", f" {problem}"), soft_wrap=True)
        sys.exit(Exit.USAGE)
    except UsageError as error:
        err.print(coloured("red", str(error)), soft_wrap=True)
        sys.exit(Exit.USAGE)
    except AccountingError as error:
        err.print(coloured("red", "PowerOffice:", f" {error}"), soft_wrap=True)
        sys.exit(Exit.FAILED)
    except PosPluginError as error:
        err.print(coloured("red", str(error)), soft_wrap=True)
        sys.exit(Exit.FAILED)
