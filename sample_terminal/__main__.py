"""`python -m sample_terminal till`, `play FILE`, `evening FILE`, `rules FOLDER`: data on stdout, talk on stderr."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sqlite3
import sys
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from posplugin.domain.errors import ConfigError, UsageError
from posplugin.hooks import PosHost
from posplugin.saft import SaftError, SaftRules
from sample_terminal.evening import EVENING, evening_xml
from sample_terminal.journal_tables import JournalInUse
from sample_terminal.play import HostFactory, NoPrinter, Show, play
from sample_terminal.rule_files import write_rules
from sample_terminal.settings_file import settings_file, terminal

DONE, FAILED, USAGE, SOME_REFUSED = 0, 1, 2, 3


class PaperOnStderr:
    """Prints papers beside the talk."""

    def print(self, paper: str) -> None:
        """Print one paper."""
        _say(f"\n{paper}\n")


def main(arguments: Sequence[str] | None = None, load: HostFactory = PosHost.load) -> int:
    """Run one command; return its exit code. `load` makes the host, with the plugins that are installed."""
    # What plugins log is talk; a library prints nothing by itself.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options, load))
    except (ConfigError, UsageError) as error:
        _say(str(error))
        return USAGE
    except (SaftError, JournalInUse, OSError, sqlite3.Error) as error:
        _say(str(error))
        return FAILED
    except KeyboardInterrupt:
        _say("stopped; the same command goes on where it was")
        return FAILED


def _play(options: argparse.Namespace, load: HostFactory) -> int:
    settings = settings_file(options.config)
    tally = play(
        Show(
            file=options.file,
            journal=options.journal,
            terminal=terminal(settings, options.terminal, options.department, options.language),
            rules=SaftRules.from_settings(settings),
            load=load,
            printer=PaperOnStderr() if options.papers else NoPrinter(),
            pause=options.pause,
            say=_say,
        )
    )
    print(json.dumps(tally.as_json(), ensure_ascii=False, indent=2) if options.json else tally.table())
    return SOME_REFUSED if tally.refused else DONE


def _till(options: argparse.Namespace, load: HostFactory) -> int:
    try:
        from sample_terminal.web.serve import Counter, open_till  # noqa: PLC0415  # the other commands need no Flask
    except ModuleNotFoundError as error:
        if error.name not in {"flask", "werkzeug", "waitress"}:
            raise
        _say("The till's page needs Flask and waitress: pip install 'posplugin[web]'")
        return FAILED
    settings = settings_file(options.config)
    counter = Counter(
        journal=options.journal,
        terminal=terminal(settings, options.terminal, options.department, options.language),
        port=options.port,
        load=load,
        say=_say,
    )
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with open_till(counter) as address:
        print(address, flush=True)
        _say("The till is open on this machine; Ctrl-C closes it.")
        try:
            while not stopped.wait(0.2):
                pass
        except KeyboardInterrupt:
            _say("closed")
    return DONE


def _evening(options: argparse.Namespace, _: HostFactory) -> int:
    options.file.write_bytes(evening_xml(options.date))
    _say(f"wrote {options.file}: the evening of {options.date}")
    return DONE


def _rules(options: argparse.Namespace, _: HostFactory) -> int:
    write_rules(options.folder)
    _say(f"wrote {options.folder}: a file for each rule of reading SAF-T")
    return DONE


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sample_terminal",
        description=__doc__,
        allow_abbrev=False,
        epilog="exit: 0 all was played, 1 failed, 2 usage or settings, 3 some sales were refused",
    )
    commands = parser.add_subparsers(required=True)
    till = commands.add_parser("till", help="open the till's page on this machine, until Ctrl-C", allow_abbrev=False)
    till.add_argument("--port", type=int, default=8902, help="0 takes a free one; default: %(default)s")
    till.set_defaults(run=_till)
    play_ = commands.add_parser("play", help="play a SAF-T Cash Register file through the checkout", allow_abbrev=False)
    play_.add_argument("file", type=Path, help="the SAF-T file")
    for command in (till, play_):
        command.add_argument("--config", type=Path, help="posplugin.toml (environment: POSPLUGIN_CONFIG)")
        command.add_argument(
            "--journal", type=Path, default=Path("sample_terminal.sqlite3"), help="default: %(default)s"
        )
        command.add_argument("--terminal", help="default: [terminal] id of the settings, else till-1")
        command.add_argument("--department", help="default: [terminal] department of the settings, else main")
        command.add_argument("--language", choices=("nb", "en"), help="the cashier's; default: the settings', else nb")
    play_.add_argument("--pause", type=float, default=0.0, metavar="SECONDS", help="between sales")
    play_.add_argument("--papers", action="store_true", help="print all papers on stderr")
    play_.add_argument("--json", action="store_true", help="data instead of a table; amounts in øre")
    play_.set_defaults(run=_play)
    evening = commands.add_parser("evening", help="write a restaurant's evening as a SAF-T file", allow_abbrev=False)
    evening.add_argument("file", type=Path, help="the file to write")
    evening.add_argument("--date", type=date.fromisoformat, default=EVENING, help="default: %(default)s")
    evening.set_defaults(run=_evening)
    rules = commands.add_parser("rules", help="write small SAF-T files, one for each rule", allow_abbrev=False)
    rules.add_argument("folder", type=Path, help="the folder to write")
    rules.set_defaults(run=_rules)
    return parser


if __name__ == "__main__":
    sys.exit(main())
