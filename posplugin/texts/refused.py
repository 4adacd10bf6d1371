"""Why something cannot be done, in the reader's language: errors are raised in English, which logs keep."""

from __future__ import annotations

from posplugin.domain.errors import PosPluginError
from posplugin.domain.payment import RefusalCode
from posplugin.texts import details, refused_disk, texts

_READ_AGAIN = "er endret siden den ble lest; les den på nytt"

#: English, as it is raised → bokmål. What is not here is told as it was raised.
NB = {
    **refused_disk.NB,
    # the outbox
    "no record matches {reference!r}; see `posplugin outbox list`": (
        "ingenting i køen svarer til {reference!r}; se `posplugin outbox list`"
    ),
    "several records match {reference!r}; give the code of one": (
        "flere poster svarer til {reference!r}; oppgi koden til én"
    ),
    "{reference} is no longer as it was read; read it again": f"{{reference}} {_READ_AGAIN}",
    "{reference} is {status}; only what is not delivered can be amended. What is delivered is corrected in "
    "PowerOffice, or by a return at the till": (
        "{reference} står som «{status}»; bare det som ikke er levert, kan rettes her. Det som er levert, rettes i "
        "PowerOffice, eller med en retur i kassen"
    ),
    "{reference}: amounts and lines are frozen; make a return and a new sale": (
        "{reference}: beløp og linjer kan ikke endres; ta en retur og slå salget inn på nytt"
    ),
    "payment {ref} is captured and cannot be voided; make a return instead": (
        "betalingen {ref} er fullført og kan ikke angres; ta en retur i stedet"
    ),
    # the sender
    "another process is sending from this outbox right now; see `posplugin status`": (
        "en annen prosess sender fra denne køen akkurat nå; se `posplugin status`"
    ),
    # a technician's work
    "{reference} is {status}; only what needs attention is tried again": (
        "{reference} står som «{status}»; bare det som trenger et menneske, kan prøves på nytt"
    ),
    "{reference} is {status}; only what needs attention can be discarded": (
        "{reference} står som «{status}»; bare det som trenger et menneske, kan avsluttes"
    ),
    "{reference} stands in PowerOffice as a draft; send it from there": (
        "{reference} ligger som utkast i PowerOffice; send den derfra"
    ),
    "{reference} stands in PowerOffice as a draft; send it or delete it there": (
        "{reference} ligger som utkast i PowerOffice; send eller slett den der"
    ),
    "{reference}: {error}; it is never sent": "{reference}: {error}; den blir aldri sendt",
    "say how it was handled, for the accountant": "si hvordan den ble ordnet, til regnskapsføreren",
    "{receipt} is a settlement, which has no customer; a Z never changes": (
        "{receipt} er et dagsoppgjør, som ikke har noen kunde; en Z endres aldri"
    ),
    "customer {number} is not in the register; see `posplugin customers find`": (
        "kunde {number} finnes ikke i registeret; se `posplugin customers find`"
    ),
    "nothing to amend: give another customer, reference or order number": (
        "ingenting å rette: oppgi en annen kunde, referanse eller et annet bestillingsnummer"
    ),
    # what is kept, and for how long
    "what is sold is documented for five years after the accounting year (bokføringsloven § 13): this year only what "
    "lies before {first_kept} may be purged": (
        "salg skal dokumenteres i fem år etter regnskapsåret (bokføringsloven § 13): i år kan bare det som er eldre "
        "enn {first_kept}, renses"
    ),
    # settlements
    "no settlement matches {reference!r}; see `posplugin settlement preview`": (
        "ingen dagsoppgjør svarer til {reference!r}; se `posplugin settlement preview`"
    ),
    "say why the Z is right, for the accountant": "si hvorfor Z-en er riktig, til regnskapsføreren",
    "{receipt} is {status}; only a settlement_mismatch can be accepted": (
        "{receipt} står som «{status}»; bare en settlement_mismatch kan godtas"
    ),
    "say why, for the accountant": "si hvorfor, til regnskapsføreren",
    "{receipt} is {status}; only a posted settlement can be reversed": (
        "{receipt} står som «{status}»; bare et dagsoppgjør som er ført, kan tilbakeføres"
    ),
    "{receipt} was posted, but which voucher it is may not be read: reverse it in PowerOffice": (
        "{receipt} er ført, men bilaget kan ikke leses: tilbakefør det i PowerOffice"
    ),
    "{receipt} was left as a draft, which somebody has posted by now or is approving: take it back in PowerOffice "
    "({error})": (
        "{receipt} ble lagt som kladd, og noen har ført den siden eller er i ferd med å godkjenne den: tilbakefør det "
        "i PowerOffice ({error})"
    ),
    "{receipt} was left as a draft, and somebody has posted it: reverse it in PowerOffice": (
        "{receipt} ble lagt som kladd, og noen har ført den: tilbakefør bilaget i PowerOffice"
    ),
    "no department {department} in the settings; reverse it in PowerOffice": (
        "avdelingen {department} står ikke i innstillingene; tilbakefør det i PowerOffice"
    ),
    "settlements are off: give the department accounts in [ledger] of the settings, and do not set settlement.enabled "
    "to false": (
        "dagsoppgjør er slått av: gi avdelingen kontoer i [ledger] i innstillingene, og sett ikke settlement.enabled "
        "til false"
    ),
    # the console
    "the console needs Flask and waitress: pip install 'posplugin[web]'": (
        "konsollen trenger Flask og waitress: pip install 'posplugin[web]'"
    ),
    "port {port} of {address} cannot be had ({error}); name another with --port, 0 for any that is free": (
        "port {port} på {address} er ikke å få ({error}); oppgi en annen med --port, eller 0 for en som er ledig"
    ),
    # amounts, as people type them
    "{text!r} is no amount; write kroner with a point, such as 39.00": (
        "{text!r} er ikke noe beløp; skriv kroner med punktum, som 39.00"
    ),
    "{text!r} is not a whole number of øre": "{text!r} er ikke et helt antall øre",
}


def in_words(error: PosPluginError, language: str) -> str:
    """Return what an error says, in "nb" or "en"; a status in it is told as people know it."""
    if (code := error.facts.get("refusal")) and isinstance(code, RefusalCode):  # as at the till
        return texts(language).refusal[code].format_map(error.facts)
    template = NB.get(error.template) if language == "nb" else None
    if template is None:
        return details.in_words(str(error), language)
    status = error.facts.get("status")
    told = {"status": texts(language).status.get(str(status), status)} if status is not None else {}
    return template.format_map({**error.facts, **told})
