"""A file that is not what it should be is refused with a sentence, before anything in it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from posplugin.saft import Entry, Reader, SaftError, SaftRules
from posplugin.saft.file import SaftFile

DATA = Path(__file__).parents[3] / "sample_terminal/data"
EVENING = (DATA / "evening.xml").read_text(encoding="utf-8")
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        (
            "dato;sum\n1;2",
            "is no XML file: it begins with 'dato;sum'; what is needed is the till's SAF-T Cash Register",
        ),
        ("PK\x03\x04", r"is packed \(zip\); unpack it, and give the SAF-T Cash Register file \(XML\) that is in it"),
        ("<a/>", "no SAF-T Cash Register file: it begins with 'a'"),
        ('<AuditFile xmlns="urn:StandardAuditFile-Taxation-Financial:NO"/>', "is SAF-T Financial"),
        ('<?xml version="1.0"?>' + BOMB + "<x>&b;</x>", "has a DOCTYPE"),
        ('<?xml version="1.0" encoding="klingon"?><x/>', "encoding"),
        (EVENING[:-2000], "not whole XML"),
        (EVENING.replace("header", "footer"), "there is no <header>"),
        (EVENING.replace("<transAmntIn>178.80<", "<transAmntIn>mye<"), "Transaction 261120001 of register BAR-1"),
        (EVENING.replace("<transAmntIn>178.80<", "<transAmntIn>178.805<"), "not a whole number of øre"),
        (EVENING.replace("<transTime>16:02:00<", "<transTime>klokka fire<"), "no date and time"),
        (EVENING.replace("<eventID>1<", "<eventID><"), "<event> has no eventID"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "file.xml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SaftError, match=sentence):
        Reader(path, SaftRules(), "bar-1")


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SaftError, match="cannot be read: No such file"):
        Reader(tmp_path / "none.xml", SaftRules(), "bar-1")


def test_a_file_in_another_encoding_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "latin.xml"
    path.write_bytes(EVENING.replace("UTF-8", "ISO-8859-1").encode("latin-1"))

    assert SaftFile.open(path).tables.articles["1004"] == "Fårikål"


def test_entries_are_given_one_by_one_and_let_go(tmp_path: Path) -> None:
    start, end = EVENING.index("\t\t\t\t<cashtransaction>"), EVENING.index("\t\t\t</cashregister>")
    path = tmp_path / "long.xml"
    path.write_text(EVENING[:start] + EVENING[start:end] * 40 + EVENING[end:], encoding="utf-8")
    entries = Reader(path, SaftRules(), "bar-1").entries()

    first = next(entries)

    assert isinstance(first, Entry)
    assert first.transaction.nr == "261120000"
    assert sum(isinstance(entry, Entry) for entry in entries) == 47 * 40 - 1
