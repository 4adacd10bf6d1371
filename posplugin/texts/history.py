"""What happened to a record, in the reader's language: the outbox keeps it in English, for ever."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from posplugin.texts import details, texts

#: What the programs write as the reason of an event, in English → bokmål. What people wrote is theirs.
NB = {
    "authorized by the till": "lovet til kassen",
    "captured without a promise on file": "fullført uten at det lå noe løfte her",
    "the sale is final": "salget er fullført",
    "the sale is final after all": "salget er fullført likevel",
    "captured after void": "meldt fullført etter at betalingen var angret",
    "captured with another customer, amount or lines than were promised": (
        "fullført med en annen kunde, et annet beløp eller andre linjer enn det som ble lovet"
    ),
    "the till's journal has no such sale": "kassens journal har ikke noe slikt salg",
    "the till never said whether the sale became final": "kassen har aldri sagt om salget ble fullført",
    "the day was closed": "dagen ble avsluttet",
    "the till has told of the same day itself": "kassen har selv meldt den samme dagen",
    "taken in hand": "tatt hånd om",
    "the sender died with it in hand": "sendingen ble brutt midt i",
    "accepted by the accounting system": "godtatt av PowerOffice",
    "found in the accounting system": "funnet i PowerOffice",
    "found among the customer's documents": "funnet blant kundens dokumenter",
    "found before it was made anew": "funnet før den ble laget på nytt",
    "looked for, not there (yet)": "sett etter, ikke der (ennå)",
    "not there on two looks: may be sent again": "ikke der ved to ettersyn: kan sendes på nytt",
    "not there on two looks: may be posted again": "ikke der ved to ettersyn: kan føres på nytt",
    "not there; it is looked for once more": "ikke der; det blir sett etter én gang til",
    "may be read by now": "kan leses nå",
    "this try counts: others got through": "dette forsøket teller: andre kom fram",
    "nothing holds it back any more": "ingenting holder det tilbake lenger",
    "nothing to post: nothing was sold, or all of it is invoiced": (
        "ingenting å føre: ingenting ble solgt, eller alt er fakturert"
    ),
    "confirmed": "bekreftet",
    "asked to be sent": "bedt om å bli sendt",
    "the set-up has been mended": "oppsettet er rettet",
    "tried again by hand": "prøvd på nytt for hånd",
    "amended": "rettet",
    "hidden": "skjult",
    "shown": "vist igjen",
    "to be posted anew": "skal føres på nytt",
    "purged: customer, references, requests and answers": "renset: kunde, referanser, forespørsler og svar",
    # of a step
    "found there": "funnet der",
    "to be taken again": "skal tas på nytt",
}
#: The same, where something is filled in: the first group is kept as it is, a stage is told in words.
_PATTERNS = (
    (re.compile(r"amended: (.*)", re.S), "rettet: {}"),
    (re.compile(r"accepted: (.*)", re.S), "godtatt: {}"),
    (re.compile(r"chosen by hand: (.*)", re.S), "valgt for hånd: {}"),
)
_STAGE = re.compile(r"is (\w+) in the accounting system")
#: What was done after the delivery, by step and kind of document; "" is any other kind.
_TAKEN = {
    "nb": {
        ("attach", "settlement"): "Z-rapport lagt ved",
        ("attach", ""): "kvittering lagt ved",
        ("confirm", ""): "utkast bekreftet",
        ("send", ""): "faktura sendt",
        ("send", "credit_note"): "kreditnota sendt",
        ("withdraw", ""): "utkast med feil sum slettet",
    },
    "en": {
        ("attach", "settlement"): "Z report attached",
        ("attach", ""): "receipt attached",
        ("confirm", ""): "draft confirmed",
        ("send", ""): "invoice sent",
        ("send", "credit_note"): "credit note sent",
        ("withdraw", ""): "draft of a wrong total deleted",
    },
}
_WHO = {"till": "kassen", "startup": "oppstart", "sender": "sending", "check": "sjekk", "technician": "tekniker"}


def why(told: str | None, language: str) -> str:
    """Return why an event came about, "" where nobody said; what people wrote stays as they wrote it."""
    if told is None or language != "nb":
        return details.in_words(told, language)
    if found := _STAGE.fullmatch(told):
        stage = texts(language).stage.get(found[1], found[1])
        return f"er {stage} i PowerOffice"
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(told):
            return words.format(found[1])
    return NB.get(told) or details.in_words(told, language)


def steps_taken(taken: Mapping[tuple[str, str], int], language: str) -> str:
    """Say which steps after the delivery were taken, by step and kind of document: "Z report attached (1)"."""
    named: Counter[str] = Counter()
    for (step, kind), count in taken.items():
        named[_TAKEN[language].get((step, kind)) or _TAKEN[language][step, ""]] += count
    return ", ".join(f"{name} ({count})" for name, count in named.items())


def who(name: str, language: str) -> str:
    """Return who did something; a technician's own name stays."""
    role, _, person = name.partition(":")
    return f"{_WHO.get(role, role) if language == 'nb' else role} {person}".rstrip()
