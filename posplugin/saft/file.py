"""A SAF-T Cash Register file (Norwegian schema 1.00), read as a stream: memory stays flat however long the file."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeVar
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from posplugin.saft import parts
from posplugin.saft.entries import Event, Header, Tables, Transaction
from posplugin.saft.errors import SaftError

T = TypeVar("T")
#: Told how many bytes have been read.
BytesRead = Callable[[int], None]

#: So much is in memory as a tree at a time; with more, Python's collector has more to walk through.
_CHUNK_BYTES = 1 << 14
#: How much tells what a file is, and how much of that is quoted.
_PEEKED_BYTES, _QUOTED = 4096, 20
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"7z\xbc\xaf": "7z", b"\xfd7zXZ": "xz"}
_IN_IT = "that is in it"
_NEEDED = "what is needed is the till's SAF-T Cash Register file (XML)"
#: Which encodings a file may say it has: expat's own, by name, and some of one byte a letter, as Python calls them.
_EXPATS = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"}
_OF_ONE_BYTE = {"ascii", "iso8859-1", "iso8859-15", "cp1252", "cp850", "cp865"}
#: Between two tellings of how far the reading has come.
_TOLD_BYTES: Final = 1 << 20
_ROOT, _HEADER = parts.tag("auditfile"), parts.tag("header")
_TABLES = {parts.tag(name) for name in ("basics", "vatCodeDetails", "articles")}
_REGISTER_ID, _EVENT, _TRANSACTION = parts.tag("registerID"), parts.tag("event"), parts.tag("cashtransaction")
#: What a register is made of.
_OF_REGISTERS = {_REGISTER_ID, _EVENT, _TRANSACTION}


@dataclass(frozen=True)
class SaftFile:
    """A file whose head has been read and found good. Each call of `entries` reads the rest from the start."""

    path: Path
    header: Header
    tables: Tables

    @classmethod
    def open(cls, path: Path) -> SaftFile:
        """Read header and code tables; raise `SaftError` when this is no SAF-T Cash Register file in NOK."""
        header: Header | None = None
        tables: dict[str, Element] = {}
        with closing(_elements(path, {_HEADER, *_TABLES, *_OF_REGISTERS})) as elements:
            for element in elements:
                if element.tag in _OF_REGISTERS:
                    break
                if element.tag == _HEADER:
                    header = _header(element, path)
                else:
                    tables[element.tag] = element
        if header is None:
            raise SaftError(f"{path}: there is no <header>; export the file from the till again")
        return cls(path, header, _tables(tables))

    def entries(self, told: BytesRead | None = None) -> Iterator[Event | Transaction]:
        """Give the events and transactions of every register, in file order: a register's events come first."""
        return self._read({_EVENT: parts.event, _TRANSACTION: parts.transaction}, told)

    def transactions(self, told: BytesRead | None = None) -> Iterator[Transaction]:
        """Give the transactions of every register, in file order."""
        return self._read({_TRANSACTION: parts.transaction}, told)

    def _read(self, readers: Mapping[str, Callable[[Element, str], T]], told: BytesRead | None) -> Iterator[T]:
        register_id = ""
        for element in _elements(self.path, _OF_REGISTERS, told):
            if element.tag == _REGISTER_ID:
                register_id = (element.text or "").strip()
            elif read := readers.get(element.tag):
                yield read(element, register_id)


def _elements(path: Path, wanted: Collection[str], told: BytesRead | None = None) -> Generator[Element, None, None]:
    """Give every element of a wanted name that is in no other one, once it is whole, in file order."""
    try:
        with path.open("rb") as stream:
            _require_xml(stream.read(_PEEKED_BYTES), path)
            stream.seek(0)
            _refuse_prolog(stream, path)
            stream.seek(0)
            builder = TreeBuilder()
            parser, above = XMLParser(target=builder), builder.start("", {})
            for chunk in _chunks(stream, told):
                parser.feed(chunk)
                if len(above):
                    _require_saft(above[0], path)
                yield from _whole(above, wanted)
            parser.close()
            yield from _whole(above, wanted, at_end=True)
    except (ParseError, expat.ExpatError) as error:
        raise SaftError(f"{path} is not whole XML ({error}); export it from the till again") from error
    except OSError as error:
        raise SaftError(f"{path} cannot be read: {error.strerror or error}") from error


def _chunks(stream: BinaryIO, told: BytesRead | None) -> Iterator[bytes]:
    """Give a file piece by piece, and tell how much of it has been read, now and then and at its end."""
    done = last = 0
    while chunk := stream.read(_CHUNK_BYTES):
        done += len(chunk)
        if told and done - last >= _TOLD_BYTES:
            last = done
            told(done)
        yield chunk
    if told:
        told(done)


def _whole(above: Element, wanted: Collection[str], *, at_end: bool = False) -> Iterator[Element]:
    """Take everything that has been read whole out of a growing tree, and give what is wanted of it.

    The last child of each element may go on in the next piece of the file; so what is wanted is given once something
    follows it. Asking the parser for the end of each element instead costs more than the parsing.
    """
    while True:
        count = len(above) if at_end else len(above) - 1
        over = above[:count][::-1] if count > 0 else []
        del above[: len(over)]
        while over:
            element = over.pop()
            if element.tag in wanted:
                yield element
            else:
                over += element[::-1]
        if not len(above) or above[0].tag in wanted:
            return
        above = above[0]


def _codec(encoding: str) -> str | None:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return None


def _require_xml(head: bytes, path: Path) -> None:
    """Say of a file that is something else altogether what it is, and what is needed."""
    packed = next((name for magic, name in _PACKED.items() if head.startswith(magic)), None)
    if packed:
        raise SaftError(f"{path} is packed ({packed}); unpack it, and give the SAF-T Cash Register file (XML) {_IN_IT}")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return  # UTF-16
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise SaftError(f"{path} is empty; export it from the till again")
    if not text.startswith(b"<"):
        first = text.decode("utf-8", "replace").splitlines()[0]
        begins = "".join(letter for letter in first if letter.isprintable())[:_QUOTED]
        raise SaftError(f"{path} is no XML file: it begins with {begins!r}; {_NEEDED}")


class _AtRoot(Exception):
    """The prolog is over."""


def _refuse_prolog(stream: BinaryIO, path: Path) -> None:
    """Refuse a document type, and what is no encoding of text.

    SAF-T has no document type, and entities are how a small file fills the memory. Python knows codecs that no file is
    written in, and that fail in their own ways.
    """

    def declared(_: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.upper() not in _EXPATS and _codec(encoding) not in _OF_ONE_BYTE:
            told = encoding[:_QUOTED]
            raise SaftError(f"{path} is written in an encoding that is not known here ({told}); use UTF-8")

    def refuse(*_: object) -> None:
        raise SaftError(f"{path} has a DOCTYPE, which SAF-T files never have; it is not read")

    def stop(*_: object) -> None:
        raise _AtRoot

    parser = expat.ParserCreate()
    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except _AtRoot:
        return


def _require_saft(root: Element, path: Path) -> None:
    if root.tag == _ROOT:
        return
    if "StandardAuditFile-Taxation-Financial" in root.tag:
        raise SaftError(
            f"{path} is SAF-T Financial (the accounts); the till's own file, SAF-T Cash Register, is needed"
        )
    raise SaftError(f"{path} is no SAF-T Cash Register file: it begins with {root.tag!r} instead of {_ROOT!r}")


def _header(element: Element, path: Path) -> Header:
    currency = parts.required(element, "curCode")
    if currency != "NOK":
        raise SaftError(f"{path} is in {currency}; only NOK can be read, so export it in NOK")
    return Header(
        currency=currency,
        software=parts.text(element, "softwareDesc") or "",
        start=parts.text(element, "startDate") or "",
        end=parts.text(element, "endDate") or "",
    )


def _tables(found: dict[str, Element]) -> Tables:
    predefined: dict[tuple[str, str], str] = {}
    names: dict[tuple[str, str], str] = {}
    for basic in found.get(parts.tag("basics"), ()):
        key = (parts.required(basic, "basicType").zfill(2), parts.required(basic, "basicID"))
        names[key] = parts.text(basic, "basicDesc") or ""
        if code := parts.text(basic, "predefinedBasicID"):
            predefined[key] = code
    vat_codes = {
        parts.required(detail, "vatCode"): parts.required(detail, "standardVatCode")
        for detail in found.get(parts.tag("vatCodeDetails"), ())
    }
    articles = {
        parts.required(article, "artID"): parts.text(article, "artDesc") or ""
        for article in found.get(parts.tag("articles"), ())
    }
    return Tables(predefined, names, vat_codes, articles)
