"""What is raised or kept in English has words in bokmål: refusals, what happened to a record, details."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from posplugin.domain.errors import ConfigError, IllegalTransition, OutboxError, PosPluginError, UsageError
from posplugin.domain.money import kroner_text
from posplugin.domain.settlement import SETTLEMENTS_OFF
from posplugin.outbox.lifecycle import Status
from posplugin.texts import details, history, refused

SOURCE = Path(__file__).parents[3] / "posplugin"
#: What a person who works with the queue may be refused by.
WORK = ("office.py", "settling/desk.py", "settling/importing.py")
FILES = [file for file in SOURCE.rglob("*.py") if file.parent.name not in {"texts", "simulator"}]


def _constants(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


WRITTEN = {text for file in FILES for text in _constants(file)}


def _raised(file: Path) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"UsageError", "IllegalTransition"}:
            yield node.args[0]


@pytest.mark.parametrize("name", WORK)
def test_no_refusal_of_a_persons_work_is_in_english_alone(name: str) -> None:
    """Each is a constant with words in the table, or comes from the texts."""
    named = {"SETTLEMENTS_OFF": SETTLEMENTS_OFF} | {
        node.targets[0].id: node.value.value
        for node in ast.parse((SOURCE / name).read_text()).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    told = [node for node in _raised(SOURCE / name) if not isinstance(node, ast.Call | ast.Subscript)]

    assert told
    assert all(isinstance(node, ast.Constant | ast.Name) for node in told)
    english = {named[node.id] if isinstance(node, ast.Name) else getattr(node, "value", "") for node in told}
    assert english - set(refused.NB) == set()


@pytest.mark.parametrize("english", refused.NB)
def test_each_refusal_is_raised_somewhere_and_fills_in_nothing_else(english: str) -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert english in WRITTEN
    assert names(refused.NB[english]) <= names(english)


def test_a_refusal_is_said_in_either_language() -> None:
    error = IllegalTransition(
        "{reference} is {status}; only what needs attention is tried again", reference="pp-1", status=Status.PENDING
    )

    assert refused.in_words(error, "en") == str(error) == "pp-1 is pending; only what needs attention is tried again"
    assert refused.in_words(error, "nb") == (
        "pp-1 står som «Venter på å bli sendt»; bare det som trenger et menneske, kan prøves på nytt"
    )


def test_what_has_no_words_is_told_as_it_was_raised() -> None:
    for error in (PosPluginError("a {b} c"), UsageError("x {"), OutboxError(), ConfigError(["one {x}", "two"])):
        assert refused.in_words(error, "nb") == str(error)


@pytest.mark.parametrize("english", history.NB)
def test_each_event_is_written_somewhere(english: str) -> None:
    assert any(english in text for text in WRITTEN)


def test_what_happened_is_told_and_what_people_wrote_stays() -> None:
    assert history.why("the sale is final", "nb") == "salget er fullført"
    assert history.why("the sale is final", "en") == "the sale is final"
    assert history.why("is sent in the accounting system", "nb") == "er sendt i PowerOffice"
    assert history.why("accepted: slått på en annen kasse", "nb") == "godtatt: slått på en annen kasse"
    assert history.why("faktura 77 for hånd", "nb") == "faktura 77 for hånd"
    assert history.why(None, "nb") == ""
    assert history.who("technician:kari", "nb") == "tekniker kari"
    assert history.who("till", "en") == "till"


AMOUNT, LESS = kroner_text(1234550), kroner_text(-4000)
DETAILS = {
    f"tenders exceed groups, tips and rounding by {LESS}: the tips are not within the tenders": (
        f"betalingene avviker med {LESS} fra varegrupper, tips og avrunding: tipset er ikke med i betalingene"
    ),
    f"in the Z, and not here: t/s1/1; here, and in no Z: receipt 102 (t/102/1, {AMOUNT}), receipt 7 (t/7/1, 5,00)": (
        f"i Z-en, og ikke her: t/s1/1; her, og ikke i noen Z: nota 102 (t/102/1, {AMOUNT}), nota 7 (t/7/1, 5,00)"
    ),
    'department bar: ledger.tenders has no account for "vipps" (12011); ledger.rounding is missing': (
        'avdelingen bar: ledger.tenders har ingen konto for "vipps" (12011); ledger.rounding mangler'
    ),
    'department bar: ledger.sales has no row for article group "160" (04021) at 12 % (Z 26324 needs it first)': (
        'avdelingen bar: ledger.sales har ingen linje for varegruppe "160" (04021) med 12 % (Z 26324 trenger det først)'
    ),
    f"order 5 comes to {AMOUNT}, and was delivered with 1,00": f"ordre 5 kommer til {AMOUNT}, og ble levert med 1,00",
    "invoice 3 is on customer 7 now, and was delivered on 8": "faktura 3 står på kunde 7 nå, og ble levert på 8",
    "2 of the day's invoices are on their way still: 101, 102": "2 av dagens fakturaer er fortsatt på vei: 101, 102",
    'department "attic" is not in /x/posplugin.toml; it has bar': (
        "avdelingen «attic» står ikke i /x/posplugin.toml; der står bar"
    ),
    "[departments.bar.ledger] is there already; to put the copy in its place, add --replace": (
        "[departments.bar.ledger] finnes fra før; legg til --replace, så tar kopien dens plass"
    ),
    "here, and damaged: t/1/1; the Z took 1,00 by invoice, and its invoices come to 2,00": (
        "her, og skadet: t/1/1; Z-en tok 1,00 på faktura, og fakturaene kommer til 2,00"
    ),
    "the till has not said yet whether these are final: 101": "kassen har ikke sagt ennå om disse er fullført: 101",
    "21.11.2026 is locked: the books are closed up to and with 23.11.2026": (
        "21.11.2026 er låst: regnskapet er lukket til og med 23.11.2026"
    ),
    "account 1901 (Kort) is not in the chart of accounts": "konto 1901 (Kort) finnes ikke i kontoplanen i PowerOffice",
    "account 3000 (Salg 25 %) is locked to VAT code 3, and what is posted there has VAT code 31": (
        "konto 3000 (Salg 25 %) er låst til mva-kode 3, og det som føres der, har mva-kode 31"
    ),
    "VAT code 9 for account 3000 is not active": "mva-kode 9 for konto 3000 er ikke aktiv i PowerOffice",
    f"voucher 17: account 1580 has {AMOUNT} instead of {LESS}": (
        f"bilag 17: konto 1580 har {AMOUNT} i stedet for {LESS}"
    ),
    "voucher 17 has been reversed in the accounting system": "bilag 17 er tilbakeført i PowerOffice",
    "vouchers 1, 2 carry the reference pp-x: reverse all but one in the accounting system": (
        "bilagene 1, 2 har alle referansen pp-x: tilbakefør alle unntatt ett i PowerOffice"
    ),
    "Z 17 came before, with other sums: tips 1,00 and 2,00; sales at 15 % 0,00 and 1,00. What came first counts; find "
    "out which is right": (
        "Z 17 er her fra før, med andre summer: tips 1,00 og 2,00; salg med 15 % 0,00 og 1,00. Det som kom først, "
        "gjelder; finn ut hva som er riktig"
    ),
    f"Z 17 of register B-1: total cash sales is {AMOUNT} in its own report, but its transactions come to 1,00; find "
    "out which is right": (
        f"Z 17 på kasse B-1: kontantsalget er {AMOUNT} i rapporten selv, men transaksjonene kommer til 1,00; finn ut "
        "hva som er riktig"
    ),
    '"bar" cannot be copied onto itself; name the department whose ledger it is to get': (
        "«bar» kan ikke kopieres til seg selv; oppgi avdelingen som den skal få kontoplanen fra"
    ),
    "PowerOffice cannot be reached: the name goapi.poweroffice.net cannot be looked up (Name or service not known); is "
    "this machine on the network?": (
        "PowerOffice kan ikke nås: navnet goapi.poweroffice.net kan ikke slås opp (Name or service not known); er "
        "maskinen på nett?"
    ),
    "PowerOffice cannot be reached: the certificate of goapi.poweroffice.net is not accepted (certificate has "
    "expired), and nothing was sent; is this machine's clock right, and does nothing stand in between, such as a "
    "firewall that opens TLS?": (
        "PowerOffice kan ikke nås: sertifikatet til goapi.poweroffice.net godtas ikke (certificate has expired), og "
        "ingenting ble sendt; går maskinens klokke riktig, og står det noe imellom, som en brannmur som åpner TLS?"
    ),
    'sold while invoicing.vat_reported_by was "invoice", and the products in the settings are for "settlement": '
    "set it and them back until this has been sent": (
        "solgt mens invoicing.vat_reported_by var «invoice», og produktene i innstillingene er for «settlement»: sett "
        "det og dem tilbake til dette er sendt"
    ),
    "400 Customer is archived.": "400 Customer is archived.",
}


@pytest.mark.parametrize(("english", "norwegian"), DETAILS.items())
def test_a_detail_is_told_with_its_numbers(english: str, norwegian: str) -> None:
    assert details.in_words(english, "nb") == norwegian
    assert details.in_words(english, "en") == english


def test_a_broken_connection_is_told_without_its_name_in_the_code() -> None:
    told = "the answer was lost: RemoteProtocolError: Server disconnected without sending a response."
    broken = "(Server disconnected without sending a response)."
    assert details.in_words(told, "nb") == f"svaret gikk tapt: forbindelsen ble brutt {broken}"
    assert (
        details.in_words(told, "en") == history.why(told, "en") == f"the answer was lost: the connection broke {broken}"
    )
    assert (
        details.in_words("PowerOffice did not answer: ReadTimeout", "nb")
        == "PowerOffice svarte ikke: svaret kom ikke i tide"
    )


def test_no_detail_is_no_words() -> None:
    assert details.in_words(None, "nb") == details.in_words("", "en") == ""
