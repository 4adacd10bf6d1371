"""Imports run one way, and each library has one home: read from the code, so that it stays so."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Who may import whom, lowest first: a part may import those listed with it and nothing above.
LAYERS: dict[str, set[str]] = {
    "domain": set(),
    "logs": set(),
    "bookkeeping": {"domain"},
    "settings": {"domain"},
    "texts": {"domain"},
    "papers": {"domain", "texts"},
    "accounting_system": {"domain"},
}
_LOW = set(LAYERS)
LAYERS |= {
    "outbox": _LOW,
    "poweroffice": _LOW,
    "saft": _LOW,
    "till": _LOW | {"outbox"},
    "sender": _LOW | {"outbox"},
    "schedule": _LOW | {"outbox", "till", "sender"},
    "checking": _LOW | {"outbox", "till", "sender"},
    "office": _LOW | {"outbox", "till", "sender", "checking"},
    "terms": _LOW | {"outbox", "sender"},
    "settling": _LOW | {"outbox", "saft", "sender"},
    "app": _LOW | {"outbox", "poweroffice", "till", "sender", "schedule", "checking", "office", "settling", "terms"},
    "hooks": _LOW | {"outbox", "till", "app"},
    "cli": _LOW
    | {"outbox", "till", "sender", "schedule", "checking", "office", "app", "settling", "simulator", "console"},
    "console": _LOW | {"outbox", "till", "sender", "schedule", "checking", "office", "app", "settling"},
    "simulator": set(),
    "__main__": {"cli"},
}

#: Each library has one home in posplugin.
HOMES = {
    "pluggy": {"hooks"},
    "peewee": {"outbox"},
    "playhouse": {"outbox"},
    "apsw": {"outbox"},
    "httpx": {"poweroffice"},
    "apscheduler": {"schedule"},
    "flask": {"console", "simulator"},
    "werkzeug": {"console", "simulator"},
    "waitress": {"console"},
    "typer": {"cli"},
    "rich": {"cli"},
    "filelock": {"sender"},
    "structlog": {"logs"},
    "fpdf": {"papers"},
    "tomlkit": {"settings"},
}


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "posplugin")


def _part(file: Path) -> str:
    return file.relative_to(ROOT / "posplugin").parts[0].removesuffix(".py")


FILES = sorted(f for f in (ROOT / "posplugin").rglob("*.py") if f != ROOT / "posplugin" / "__init__.py")


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_run_one_way(file: Path) -> None:
    """A part imports only what stands below it; the simulator imports nothing of the rest."""
    part = _part(file)
    for name in _imports(file):
        first, _, rest = name.partition(".")
        if first == "posplugin" and rest and rest != "__version__":
            other = rest.split(".")[0]
            assert other == part or other in LAYERS[part], f"{part} imports {name}"
        elif first in HOMES:
            assert part in HOMES[first], f"{first} has its home in {HOMES[first]}, not in {part}"


def test_the_contract_does_not_know_the_plugin() -> None:
    """A till that only speaks the contract imports hooks without outbox, settings or app."""
    for name in ("__init__", "specs", "host"):
        for imported in _imports(ROOT / "posplugin" / "hooks" / f"{name}.py"):
            if imported.startswith("posplugin."):
                assert imported.split(".")[1] in {"domain", "hooks"}, f"hooks/{name}.py imports {imported}"


def test_the_sample_terminal_reaches_the_plugin_only_through_the_host() -> None:
    """sample_terminal imports of posplugin: domain, saft and hooks, nothing else."""
    for file in (ROOT / "sample_terminal").rglob("*.py"):
        for name in _imports(file):
            if name.startswith("posplugin."):
                assert name.split(".")[1] in {"domain", "saft", "hooks"}, f"{file.name} imports {name}"
                assert not name.startswith("posplugin.hooks.plugin")


def test_a_host_that_loads_the_plugin_imports_no_web_and_no_command_libraries() -> None:
    """Loading and making the plugin must not cost a till Flask, Typer or fpdf2.

    Nor Rich, of ours; but structlog imports that by itself wherever it is installed (structlog/dev.py).
    """
    code = (
        "import sys, posplugin.hooks, posplugin.hooks.plugin as p; p.create();"
        "print([m for m in ('flask', 'typer', 'fpdf', 'werkzeug', 'posplugin.cli') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "[]"


def test_a_till_that_only_takes_payments_imports_nothing_that_sends_or_that_technicians_use() -> None:
    """It has to start fast: the first run imports PowerOffice's side, commands and console the rest."""
    unwanted = (
        *("httpx", "tomlkit", "filelock", "posplugin.poweroffice.gateway", "posplugin.sender.run", "posplugin.office"),
        *("posplugin.saft", "posplugin.settling", "posplugin.checking", "posplugin.texts.console"),
    )
    code = (
        "import sys, posplugin.hooks, posplugin.hooks.plugin as p; p.create();"
        f"print([m for m in {unwanted!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "[]"
