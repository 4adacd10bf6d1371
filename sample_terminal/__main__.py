"""`python -m sample_terminal play FILE`, `evening FILE` and `rules FOLDER`: data on stdout, talk on stderr."""

from __future__ import annotations

import argparse
import json
import logging
import sqlite3
import sys
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
    play_ = commands.add_parser("play", help="play a SAF-T Cash Register file through the checkout", allow_abbrev=False)
    play_.add_argument("file", type=Path, help="the SAF-T file")
    play_.add_argument("--config", type=Path, help="posplugin.toml (environment: POSPLUGIN_CONFIG)")
    play_.add_argument("--journal", type=Path, default=Path("sample_terminal.sqlite3"), help="default: %(default)s")
    play_.add_argument("--terminal", help="default: [terminal] id of the settings, else till-1")
    play_.add_argument("--department", help="default: [terminal] department of the settings, else main")
    play_.add_argument("--language", choices=("nb", "en"), help="the cashier's; default: the settings', else nb")
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
