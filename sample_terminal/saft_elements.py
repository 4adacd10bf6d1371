"""Small XML elements, in the schema's namespace."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from posplugin.domain.money import to_kroner
from posplugin.saft.parts import tag


def child(parent: Element, name: str) -> Element:
    """Add an empty child."""
    return SubElement(parent, tag(name))


def put_all(parent: Element, **values: str | None) -> None:
    """Add children with texts, in the order given; None adds nothing."""
    for name, value in values.items():
        if value is not None:
            child(parent, name).text = value


def kroner(ore: int) -> str:
    """Write øre as the schema has amounts: two decimals and a point."""
    return f"{to_kroner(ore):.2f}"
