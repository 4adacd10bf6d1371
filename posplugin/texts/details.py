"""The details beside a reason, in the reader's language: the outbox keeps them in English, beside PowerOffice's words.

What is not known here, PowerOffice's own words first of all, stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from posplugin.texts import details_office, details_saft, settlement_details
from posplugin.texts.settlement_details import AMOUNT as _AMOUNT

#: What our programs write, English → bokmål. Tried on the whole text, one after the other.
RULES = (
    *settlement_details.RULES,
    *details_saft.RULES,
    # the ledger, and what a settlement lacks
    (r"department (\S+) has no ledger in the settings", r"avdelingen \1 har ingen kontoplan (ledger)"),
    (r"department (\S+): (?=ledger\.)", r"avdelingen \1: "),
    (r'ledger\.(\w+) has no account for ("[^"]*")', r"ledger.\1 har ingen konto for \2"),
    (
        r'ledger\.sales has no row for article group ("[^"]*"(?: \(\d+\))?) at (\d+) %',
        r"ledger.sales har ingen linje for varegruppe \1 med \2 %",
    ),
    (r"ledger\.(\w+) is missing", r"ledger.\1 mangler"),
    (r"\((Z \S+) needs it first\)", r"(\1 trenger det først)"),
    # a Z that does not add up
    (
        f"tenders exceed groups, tips and rounding by {_AMOUNT}",
        r"betalingene avviker med \1 fra varegrupper, tips og avrunding",
    ),
    ("the tips are not within the tenders", "tipset er ikke med i betalingene"),
    ("the tips are counted twice in the tenders", "tipset er regnet to ganger i betalingene"),
    ("the rounding is not within the tenders", "avrundingen er ikke med i betalingene"),
    (
        "the rounding has the wrong sign: rounded up is positive",
        "avrundingen har feil fortegn: rundet opp er pluss",
    ),
    (
        "the groups hold what was invoiced, and the tenders do not: see includes_invoiced",
        "varegruppene har med det som er fakturert, og betalingene ikke: se includes_invoiced",
    ),
    (
        "the tenders hold what was invoiced, and the groups do not",
        "betalingene har med det som er fakturert, og varegruppene ikke",
    ),
    ("the groups are without VAT", "varegruppene er uten mva"),
    (
        "the gift cards sold are counted twice in the tenders",
        "gavekortene som er solgt, er regnet to ganger i betalingene",
    ),
    ("the gift cards sold are not within the tenders", "gavekortene som er solgt, er ikke med i betalingene"),
    # a Z and our invoices
    ("in the Z, and not here: ", "i Z-en, og ikke her: "),
    ("here, and in no Z: receipt ", "her, og ikke i noen Z: nota "),
    (r"(?<=\)), receipt (?=\S+ \()", ", nota "),
    ("in the Z, and in another Z too: ", "i Z-en, og i en annen Z også: "),
    (
        f"the Z took {_AMOUNT} by invoice, and its invoices come to {_AMOUNT}",
        r"Z-en tok \1 på faktura, og fakturaene kommer til \2",
    ),
    (
        r"receipt (\S+) is department (\S+)'s, another client in PowerOffice",
        r"nota \1 er fra avdelingen \2, en annen klient i PowerOffice",
    ),
    (
        r"(\d+) of the day's invoices are on their way still: ",
        r"\1 av dagens fakturaer er fortsatt på vei: ",
    ),
    # what stands in PowerOffice
    (
        r"(invoice|order) (\d+) is on customer (\d+) now, and was delivered on (\d+)",
        r"\1 \2 står på kunde \3 nå, og ble levert på \4",
    ),
    (
        f"(invoice|order) (\\d+) (?:comes to|was sent with) {_AMOUNT}, and was delivered with {_AMOUNT}",
        r"\1 \2 kommer til \3, og ble levert med \4",
    ),
    (
        f"order (\\d+) came to {_AMOUNT} instead of {_AMOUNT}",
        r"ordre \1 kom til \2 i stedet for \3",
    ),
    (
        r"order (\d+) of that reference is on customer (\d+)",
        r"ordre \1 med den referansen står på kunde \2",
    ),
    (r"invoice (\d+) has been reversed(?: there)?", r"faktura \1 er kreditert eller tilbakeført der"),
    (
        r"voucher (\S+) has been reversed in the accounting system",
        r"bilag \1 er tilbakeført i PowerOffice",
    ),
    (r"draft (\S+) is not there any more", r"kladden \1 er ikke der lenger"),
    (r"order (\d+) is not there(; it is looked for once more)?", r"ordre \1 er ikke der"),
    (r"^sold (\S+) and not sent yet", r"solgt \1 og ikke sendt ennå"),
    (r"^not there after (\d+) tries", r"ikke der etter \1 forsøk"),
    (r"\binvoice (?=\d+ (?:står|kommer))", "faktura "),
    (r"\border (?=\d+ (?:står|kommer))", "ordre "),
    # its original
    (
        "^its original has not been sent yet, and has no invoice number",
        "originalen er ikke sendt ennå, og har ikke fakturanummer",
    ),
    ("^its original is gone from the accounting system", "originalen er borte fra PowerOffice"),
    ("^its original is not in the accounting system", "originalen finnes ikke i PowerOffice"),
    ("^its original has been reversed", "originalen er tilbakeført"),
    # settings that can be read, and are wrong all the same
    ("^nothing is sent: ", "ingenting sendes: "),
    (r'^department "([^"]*)" is not in (\S+); it has ', r"avdelingen «\1» står ikke i \2; der står "),
    (
        r"^(\[\S+\]) is there already; to put the copy in its place, add --replace",
        r"\1 finnes fra før; legg til --replace, så tar kopien dens plass",
    ),
    (
        r'^"([^"]*)" cannot be copied onto itself; name the department whose ledger it is to get',
        r"«\1» kan ikke kopieres til seg selv; oppgi avdelingen som den skal få kontoplanen fra",
    ),
    (
        r'^there is no ledger of "([^"]*)" to copy; write \[ledger\] with the accountant\'s accounts in ',
        r"«\1» har ingen kontoplan å kopiere; skriv [ledger] med regnskapsførerens kontoer i ",
    ),
    # files
    (r"^(\S+) cannot be read: No such file or directory", r"\1 kan ikke leses: filen finnes ikke"),
    (r"^(\S+) (?:cannot be read|kan ikke leses): Permission denied", r"\1 kan ikke leses: du har ikke lov"),
    (r"^the outbox (\S+) cannot be opened:", r"utboksen \1 kan ikke åpnes:"),
    (
        r"^the outbox (\S+) has been busy for (\S+) seconds; try again",
        r"utboksen \1 har vært opptatt i \2 sekunder; prøv igjen",
    ),
    # a file that is damaged
    (
        r"^the stored document is of version (\S+), which there never was",
        r"dokumentet er lagret med versjon \1, som aldri har fantes",
    ),
    (r"the stored row does not match its document: ", "raden stemmer ikke med dokumentet sitt: "),
    (
        "the stored row has a status or a time that there is not",
        "raden har en status eller et tidspunkt som ikke finnes",
    ),
    ("it ends within a page", "den slutter midt i en side"),
    (r"row (\S+) of (\S+) names a row of (\S+) that is gone", r"rad \1 i \2 viser til en rad i \3 som er borte"),
    # on the way there
    ("PowerOffice cannot be reached", "PowerOffice kan ikke nås"),
    ("PowerOffice did not answer", "PowerOffice svarte ikke"),
    ("^the answer was lost", "svaret gikk tapt"),
    (r"^no department (\S+) in the settings", r"avdelingen \1 står ikke i innstillingene"),
    (": nobody can ask where it stands$", ": ingen kan se etter hvor den står"),
    *details_office.RULES,
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the rules ready for use; made when the first text needs them, which a till's start does not wait for."""
    return tuple((re.compile(english), norwegian) for english, norwegian in RULES)


#: What a broken connection is called where it broke, in words; what the machine said of it follows.
_BROKEN = {
    "nb": {
        "ConnectError": "det ble ingen forbindelse",
        "ConnectTimeout": "det ble ingen forbindelse i tide",
        "ReadTimeout": "svaret kom ikke i tide",
        "WriteTimeout": "det som ble sendt, kom ikke fram i tide",
        "ReadError": "forbindelsen ble brutt",
        "WriteError": "forbindelsen ble brutt",
        "RemoteProtocolError": "forbindelsen ble brutt",
    },
    "en": {
        "ConnectError": "there was no connection",
        "ConnectTimeout": "there was no connection in time",
        "ReadTimeout": "the answer did not come in time",
        "WriteTimeout": "what was sent did not get through in time",
        "ReadError": "the connection broke",
        "WriteError": "the connection broke",
        "RemoteProtocolError": "the connection broke",
    },
}
_BREAK = re.compile(rf"\b({'|'.join(_BROKEN['en'])})\b(?:: ([^«»;]*[^«»;.]))?")


def in_words(text: str | None, language: str) -> str:
    """Return a detail in "nb" or "en", "" where there is none."""
    if not text:
        return ""
    broken = _BROKEN[language]
    text = _BREAK.sub(lambda found: broken[found[1]] + (f" ({found[2]})" if found[2] else ""), text)
    if language != "nb":
        return text
    for english, norwegian in _rules():
        text = english.sub(norwegian, text)
    return text
