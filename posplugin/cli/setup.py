"""init, check, config show, simulator: getting it to work."""

from __future__ import annotations

import importlib
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from posplugin.accounting_system import Finding
from posplugin.checking import Said, not_opened, said
from posplugin.cli.context import config_of, open_app, texts_of
from posplugin.cli.output import Exit, ask, coloured, err, print_json, say, table, tell
from posplugin.cli.speech import language, speak_as_set, words
from posplugin.domain.errors import ConfigError, OutboxError, UsageError
from posplugin.domain.fault import PROVES_NOTHING
from posplugin.settings import find_settings, read_settings, rows
from posplugin.settings.new_file import Answers, new_file
from posplugin.settings.show import KEY_SET, NOT_SET
from posplugin.texts import Texts, texts

#: What the built-in simulator accepts; worthless anywhere else.
_SIMULATOR_KEYS = {
    "application_key": "simulator-application-key",
    "subscription_key": "simulator-subscription-key",
    "client_key": "simulator-client-key",
}

#: Where the simulator listens.
_HERE = "127.0.0.1"

config_app = typer.Typer(help="The settings.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(init)
    app.command()(check)
    app.command()(simulator)
    app.add_typer(config_app, name="config")


def init(
    context: typer.Context,
    terminal: Annotated[str, typer.Option(help="The terminal's id, equal to the host's.")] = "till-1",
    department: Annotated[str, typer.Option(help="The department it sells for.")] = "bar",
    mode: Annotated[str, typer.Option(help="simulator, test (PowerOffice's demo) or production.")] = "test",
    simulator_url: Annotated[str, typer.Option(help="Where the simulator listens.")] = "http://127.0.0.1:8900",
    department_code: Annotated[str | None, typer.Option(help="The department's code in PowerOffice.")] = None,
) -> None:
    """Write a commented settings file to begin with (mode 0600).

    Keys are asked for, or come from the environment. With --mode simulator nothing is asked.

    Example: posplugin init --terminal bar-1 --department bar --mode simulator
    """
    path = config_of(context) or Path("posplugin.toml")
    if path.exists():
        raise UsageError(words().setup.edit_it.format(path=path))
    if mode == "simulator":
        keys: dict[str, str | None] = dict(_SIMULATOR_KEYS)
    elif err.is_terminal:
        keys = {name: _ask(name) for name in _SIMULATOR_KEYS}
    else:
        keys = dict.fromkeys(_SIMULATOR_KEYS)
    answers = Answers(
        terminal_id=terminal,
        department=department,
        endpoint_mode=mode,
        simulator_url=simulator_url,
        department_code=department_code,
        **keys,  # type: ignore[arg-type]  # three keys, none of them an endpoint
    )
    new_file(path, answers)
    speak_as_set(path)
    say(words().setup.written.format(path=path))


def _ask(name: str) -> str | None:
    return ask(words().setup.keys[name], hidden=True) or None


def check(
    context: typer.Context,
    no_draft: Annotated[
        bool, typer.Option("--no-draft", help="Post no draft to measure prices; an earlier measurement must do.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="An array of findings.")] = False,
) -> None:
    """Prove the set-up; then what is due may be sent.

    One line for each thing; docs/check.md has every fault by number, with its remedy. One draft of 100.00 is posted
    to see whether prices are with VAT, and deleted again. Automatic sending stays off until this has passed for the
    present settings. Exit 1 when something is wrong.

    Example: posplugin check --no-draft
    """
    try:
        app = open_app(context)
    except (ConfigError, OutboxError) as error:
        _tell([not_opened(error)], texts(language()), as_json=as_json)
        raise typer.Exit(Exit.USAGE if isinstance(error, ConfigError) else Exit.FAILED) from error
    with app:
        findings, texts_ = app.office().check(draft=not no_draft), texts_of(app)
    _tell(findings, texts_, as_json=as_json)
    faults = [finding.fault for finding in findings if finding.fault]
    if faults:
        some_wrong = texts_.check.some_wrong.format(wrong=len(faults), count=len(findings))
        told = some_wrong if set(faults) - PROVES_NOTHING else texts_.check.nothing_proven
        say(coloured("red", told))
        raise typer.Exit(Exit.FAILED)
    say(coloured("green", texts_.check.all_right))


def _tell(findings: Sequence[Finding], texts_: Texts, *, as_json: bool) -> None:
    lines = [(finding, said(finding, texts_)) for finding in findings]
    if as_json:
        print_json([_as_json(finding, line) for finding, line in lines])
        return
    for _, line in lines:
        mark = ("green", "OK ") if line.ok else ("red", str(line.number))
        tell(coloured(*mark, f" {line.what}: {line.text}"))
        if line.remedy:
            tell(f"→ {line.remedy}", indent=4)


def _as_json(finding: Finding, line: Said) -> dict[str, object]:
    name = finding.fault.name.lower() if finding.fault else None
    fault = {"number": line.number, "fault": name}
    return {"look": finding.look, "ok": line.ok, **fault, "what": line.what, "text": line.text, "remedy": line.remedy}


@config_app.command("show")
def config_show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="An array of settings.")] = False,
) -> None:
    """Show every setting and where it comes from, keys masked.

    Example: posplugin config show
    """
    import os  # noqa: PLC0415  # the environment is read here alone

    settings = read_settings(find_settings(config_of(context), os.environ))
    if as_json:
        shown = [(key, None if value == NOT_SET else value, source) for key, value, source in rows(settings)]
        print_json([{"key": key, "value": value, "source": source} for key, value, source in shown])
        return
    told = words().setup
    masked = {NOT_SET: told.not_set, KEY_SET: told.key_set}
    say(f"{settings.path}")
    table(
        [told.setting, told.value, told.source],
        [(key, masked.get(value, value), told.sources[source]) for key, value, source in rows(settings)],
    )


def _require_free(port: int) -> None:
    """Raise `UsageError` where another program has the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HERE, port))
        except (OSError, OverflowError) as error:
            raise UsageError(
                "port {port} of {address} cannot be had ({error}); name another with --port, 0 for any that is free",
                port=port,
                address=_HERE,
                error=getattr(error, "strerror", None) or error,
            ) from error


def simulator(
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.")] = 8900,
    state: Annotated[Path, typer.Option(help="The file that keeps its books.")] = Path("simulator.sqlite3"),
    switch: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=ANSWER", help="How it answers what nobody knows, such as U1=b; may be repeated."),
    ] = None,
) -> None:
    """Run PowerOffice GO's simulator on this machine, until Ctrl-C.

    It is not PowerOffice, and nothing leaves here. Its page, at /simulator, shows what has arrived, and the books.
    docs/simulator.md has its keys, customers, products and accounts, those for clearing among them; every switch; and
    how to let something fail.

    Example: posplugin simulator --port 8900 --switch U1=b --switch U7=b
    """
    try:
        simulator_module = importlib.import_module("posplugin.simulator")
    except ImportError as error:
        raise UsageError(str(error)) from error
    if wrong := [pair for pair in switch or [] if "=" not in pair]:
        raise UsageError(words().setup.no_switch.format(text=wrong[0]))
    switches = dict(pair.split("=", 1) for pair in switch or [])
    _require_free(port)
    try:
        simulated = simulator_module.Simulator(state, switches=switches, port=port)
        simulated.start()
    except (ValueError, OSError) as error:
        raise UsageError(words().setup.cannot_start.format(error=error)) from error
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(simulated.url, flush=True)
    say(words().setup.simulator_runs)
    try:
        signal.pause()
    except KeyboardInterrupt:
        simulated.stop()
