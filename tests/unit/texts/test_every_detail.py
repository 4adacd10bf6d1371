"""Every English sentence that our programs keep or raise, read from the code, has words in bokmål: a new one too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from posplugin.texts import history, refused

SOURCE = Path(__file__).parents[3] / "posplugin"
#: Where sentences come from that a person who works with the queue may meet.
PARTS = (
    *("app.py", "office.py", "bookkeeping", "checking", "outbox", "poweroffice", "saft", "sender", "settling", "till"),
    *("settings/clients.py", "settings/copy_ledger.py", "settings/write.py"),
)
#: No sentences: tables of the file, and what PowerOffice's answers are known by.
LEFT_OUT = {"migrations.py", "facts.py"}
ENGLISH = re.compile(
    r"(?<!-)\b(the|and|is|are|was|has|been|not|there|which|its|it|with|of|without|no|already|cannot|from|by)\b"
)
#: SQL, and patterns that PowerOffice's words are known by.
SQL = re.compile(
    r"\b(SELECT|UPDATE|INSERT|DELETE|WHERE|ORDER BY|CREATE|ALTER|PRAGMA|AND|IS NULL)\b|= '|\\b|\.\*|\w\|\w"
)
#: What stands for a value in a sentence, by the expression; anything else is a number.
FILLED_IN = {"twin.name": "Z 7", "z.name": "Z 7", "read.z.name": "Z 7", "z": "Z 7"}
#: Parts of sentences: told, in both languages, with what stands before or after them.
PARTS_OF_SENTENCES = {
    *("sales has no row for 11 at 11 %", "11 is missing", "11 is not active"),
    *('tenders has no account for "11"', 'movements has no account for "11"', "was sent with"),
    *("here, and in no Z: ", "list of transactions", "list of drafts", "list of reversals", "chart of accounts"),
    *("list of documents", "list of open documents", "price of product 11"),
    *("payment of an open invoice", "the opening float", "its VAT", "Z 11 of register 11", "no id"),
    *("Transaction 11 of register 11", "that is in it", " and its discounts 11", "waits for its Z"),
    *("what is needed is the till's SAF-T Cash Register file (XML)", "already reversed", "11 (Z 7 needs it first)"),
    *("11 is packed (11); unpack it, and give the SAF-T Cash Register file (XML) 11",),
    *("11 is no XML file: it begins with 11; 11", "11 of register 11 after its last Z 11: 11"),
    *("11 is on customer 11 now, and was delivered on 11", "11 11 11, and was delivered with 11", "copied from 11"),
}
#: For whoever writes a till or this code; and of a settings file, with words in `texts.console_problems_nb`.
NOT_FOR_THE_QUEUE = {
    *("sale 11 has no invoice tender 11", "columns 11 are not set by a move", "11 cannot be sent exactly"),
    *("11 is of terminal 11, not 11", "11 cannot be set: 11 is a single value in the file, not a table"),
    "11 is written in a way that cannot be changed from here; change it in an editor",
}


def _sample(node: ast.expr) -> str:
    """A sentence with something filled in; "" of what is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{(\w*)(![rs])?(:[^}]*)?\}", lambda found: FILLED_IN.get(found[1], "11"), node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            FILLED_IN.get(ast.unparse(part.value), "11") if isinstance(part, ast.FormattedValue) else _sample(part)
            for part in node.values
        )
    return ""


def _sentences(file: Path) -> Iterator[tuple[str, str]]:
    """Give every sentence of a file as it is written, and with something filled in."""
    tree, seen = ast.parse(file.read_text()), set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            seen.add(id(node.value))  # a docstring
        if isinstance(node, ast.JoinedStr):
            seen |= {id(part) for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in seen:
            sample = _sample(node)
            if " " in sample.strip() and ENGLISH.search(sample) and not SQL.search(sample):
                yield str(getattr(node, "value", "")), sample


def _files() -> Iterator[Path]:
    for part in PARTS:
        place = SOURCE / part
        yield from (file for file in ([place] if place.is_file() else place.rglob("*.py")) if file.name not in LEFT_OUT)


FOUND = {str(file.relative_to(SOURCE)): [*_sentences(file)] for file in sorted(_files())}


def test_sentences_are_found() -> None:
    assert sum(map(len, FOUND.values())) > 200


@pytest.mark.parametrize("name", [name for name, found in FOUND.items() if found])
def test_what_is_kept_or_raised_in_english_has_words_in_bokmaal(name: str) -> None:
    told = {
        sample: history.why(sample, "nb")
        for written, sample in FOUND[name]
        if written not in refused.NB and sample not in PARTS_OF_SENTENCES | NOT_FOR_THE_QUEUE
    }

    assert {sample: words for sample, words in told.items() if words == sample or ENGLISH.search(words)} == {}


def test_what_is_left_out_is_there() -> None:
    samples = {sample for found in FOUND.values() for _, sample in found}

    assert {"list of drafts", "that is in it", "was sent with", "11 cannot be sent exactly"} <= samples
