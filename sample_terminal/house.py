"""Whose till this is: the name and the number that stand on its reports and in its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import iterparse

from posplugin.saft.parts import tag


@dataclass(frozen=True, slots=True)
class House:
    """A business: its name, and its number in the register of business enterprises."""

    name: str
    ident: str

    @property
    def titles(self) -> tuple[str, str]:
        """What stands on its papers: 999 999 999 for a number of nine digits, as it is for another."""
        ident = f"{self.ident[:3]} {self.ident[3:6]} {self.ident[6:]}" if len(self.ident) == 9 else self.ident
        return self.name, f"Org.nr {ident}"


BRYGGEKROA: Final = House("Bryggekroa AS", "999999999")
#: Whose the till's page is: the client that the simulated PowerOffice has.
BRYGGA_BISTRO: Final = House("Brygga Bistro AS", "999999999")


def house_of(file: Path) -> House:
    """Return the business of a SAF-T file that has been read before; ours, where the file does not tell."""
    ident = ""
    with file.open("rb") as stream:
        for _, element in iterparse(stream):
            text = (element.text or "").strip()
            if element.tag == tag("companyIdent"):
                ident = text
            elif element.tag == tag("companyName"):
                return House(text, ident) if text else BRYGGEKROA
            elif element.tag == tag("location"):
                break
    return BRYGGEKROA
