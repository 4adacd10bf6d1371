"""SAF-T files that no till writes: a small good one, and what may be done to it."""

from __future__ import annotations

import copy
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from posplugin.saft import DayRead, Reader, SaftRules, Waiting, read_days
from posplugin.saft.parts import NAMESPACE, tag

SAMPLE = Path(__file__).parents[2] / "sample_terminal" / "data" / "evening.xml"
#: What may stand in an element.
NASTY = (
    *("", " ", "x", "å" * 3000, "\U0001f37a", "'; DROP TABLE records; --", "<b>", "{0}%s", "=cmd|'/c'!A0", "../../x"),
    *("0", "-0", "-1", "1e5", "1E+999999999", "1e-999999999", "NaN", "sNaN", "Infinity", "-Infinity", "0x10", "1_000"),
    *("9" * 30, "9" * 5000, "1.005", "٣", "²", "1,50", "true", "D", "13008", "99999"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-11-20T25:00:00", "2026-W01-1", "10000-01-01"),
    *("00:00:00", "24:00:00", "23:59:60", "12:00:00+02:00", "12:00:00.123456789", "12"),
)


def small() -> Element:
    """Return an evening cut down to a few transactions, every kind of element still in it."""
    root = ElementTree.parse(SAMPLE).getroot()  # our own
    (register,) = root.iter(tag("cashregister"))
    kept: set[str] = set()
    for kind, name in (("event", "eventType"), ("cashtransaction", "transType")):
        for entry in register.findall(tag(kind)):
            names = {each.tag for each in entry.iter()} | {f"{kind} {entry.findtext(tag(name))}"}
            if names <= kept and entry.find(tag("refID")) is None:
                register.remove(entry)
            kept |= names
    for table in [*root.iter(tag("articles")), *root.iter(tag("customersSuppliers"))]:
        for row in list(table)[12:]:
            table.remove(row)
    return root


def written(root: Element) -> bytes:
    """Return a file."""
    ElementTree.register_namespace("", NAMESPACE)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def elements(root: Element) -> list[int]:
    """Return the place, in document order, of the first and the last element of each path."""
    places: dict[str, list[int]] = {}
    count = iter(range(10**9))

    def walk(element: Element, way: str) -> None:
        places.setdefault(f"{way}/{element.tag}", []).append(next(count))
        for child in element:
            walk(child, f"{way}/{element.tag}")

    walk(root, "")
    return sorted({place for found in places.values() for place in (found[0], found[-1])})


def ways() -> list[str]:
    """Return every way in which an element can be spoiled."""
    return [*(f"text {nasty[:30]!r}" for nasty in NASTY), "removed", "twice", "emptied", "renamed", "wrapped"]


def spoiled(root: Element, place: int, way: int) -> Element:
    """Return the file with one element spoiled in one of the `ways`."""
    changed = copy.deepcopy(root)
    element = list(changed.iter())[place]
    if way < len(NASTY):
        element.text = NASTY[way]
        return changed
    match ways()[way]:
        case "emptied":
            element.clear()
        case "renamed":
            element.tag = "other"
        case "wrapped":
            element.append(copy.deepcopy(element))
        case what:
            for parent in [parent for parent in changed.iter() if element in list(parent)]:
                parent.remove(element) if what == "removed" else parent.append(copy.deepcopy(element))
    return changed


def read(path: Path) -> list[DayRead | Waiting]:
    """Read a file whole, as an import does."""
    return list(read_days(Reader(path, SaftRules(), "bar-1", every_terminal=True)))
