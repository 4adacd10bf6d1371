"""What our programs write of settlements and SAF-T files, English → bokmål: `details` has the rest, and says how."""

from __future__ import annotations

#: An amount as `kroner_text` writes it.
AMOUNT = "([−\\d\u00a0,]+\\d)"
#: Two sums that should be one.
_AND = f"{AMOUNT} and {AMOUNT}"

RULES = (
    # a Z and our invoices
    ("here, and damaged: ", "her, og skadet: "),
    (
        "the till has not said yet whether these are final: ",
        "kassen har ikke sagt ennå om disse er fullført: ",
    ),
    (
        r"(\S+) is locked: the books are closed up to and with (\S+)",
        r"\1 er låst: regnskapet er lukket til og med \2",
    ),
    (
        "^settlements are switched off",
        "dagsoppgjør er slått av (settlement.enabled)",
    ),
    # the accounts in PowerOffice
    (r"^VAT code (\S+) for account (\d+)", r"mva-kode \1 for konto \2"),
    (r"^account (\d+)(?= \(| is | demands )", r"konto \1"),
    (r" is not in the chart of accounts$", " finnes ikke i kontoplanen i PowerOffice"),
    (r" is not among PowerOffice's VAT codes$", " er ikke blant mva-kodene i PowerOffice"),
    (r"^(konto|mva-kode)(.*) is not active$", r"\1\2 er ikke aktiv i PowerOffice"),
    (" demands a project, and a till has none$", " krever prosjekt, og en kasse har ingen"),
    (
        r" demands a department, and (departments\.\S+) is not set$",
        r" krever avdeling, og \1 er ikke satt",
    ),
    (
        r" is locked to VAT code (\S+), and what is posted there has VAT code (\S+)$",
        r" er låst til mva-kode \1, og det som føres der, har mva-kode \2",
    ),
    # what stands there
    (
        "^it was posted, and has been reversed in the accounting system since",
        "det ble ført, og er siden tilbakeført i PowerOffice",
    ),
    ("^its voucher has been reversed in the accounting system", "bilaget er tilbakeført i PowerOffice"),
    (f"account (\\d+) has {AMOUNT} instead of {AMOUNT}", r"konto \1 har \2 i stedet for \3"),
    (
        r"^voucher (\S+) carries the reference (\S+), which this outbox never posted",
        r"bilag \1 har referansen \2, som aldri er ført herfra",
    ),
    (
        r"^vouchers (.+) carry the reference (\S+): reverse all but one in the accounting system",
        r"bilagene \1 har alle referansen \2: tilbakefør alle unntatt ett i PowerOffice",
    ),
    (r"^voucher \(draft\): ", "kladden: "),
    (r"^voucher (\S+): ", r"bilag \1: "),
    (r"^no draft carries the reference (\S+)", r"ingen kladd har referansen \1"),
    (
        "^the accounting system says that the reference is in use, but has no voucher of that reference",
        "PowerOffice sier at referansen er brukt, men har ikke noe bilag med den",
    ),
    (
        "^what was posted may not be read: posted again under the same reference, so that the answer tells",
        "det som er ført, kan ikke leses: det føres igjen med samme referanse, så svaret viser det",
    ),
    (
        "^it stands there already, says the accounting system; it may not be read, and is not compared: ",
        "det står der allerede, sier PowerOffice; det kan ikke leses, og er ikke sammenlignet: ",
    ),
    ("what was posted (?:of it )?cannot be read here", "det som ble ført, kan ikke leses her"),
    ("^one voucher alone carries its reference now", "bare ett bilag har referansen nå"),
    (
        f"^nothing was sent: the lines come to {AMOUNT}, and not to 0.00",
        r"ingenting ble sendt: linjene kommer til \1, og ikke til 0,00",
    ),
    ("^attach: ", "PDF-en: "),
    # what is kept
    (
        "the stored document does not match its hash",
        "det lagrede dokumentet er ikke slik det ble skrevet",
    ),
    (
        r"the stored document is of version (\d+), which a newer posplugin wrote; install it",
        r"det lagrede dokumentet er av versjon \1, fra en nyere posplugin; installer den",
    ),
    (
        r"the stored document cannot be read: (\d+) fields are off",
        r"det lagrede dokumentet kan ikke leses: \1 felt er feil",
    ),
    # a SAF-T file: its Z reports
    (r"\b(Z \S+) of register (\S+?)(?=:| )", r"\1 på kasse \2"),
    (
        f"total cash sales is {AMOUNT} in its own report",
        r"kontantsalget er \1 i rapporten selv",
    ),
    (
        f" is {AMOUNT} in its own report",
        r" er \1 i rapporten selv",
    ),
    (
        f"(?<=i rapporten selv), but its transactions come to {AMOUNT}; find out which is right",
        r", men transaksjonene kommer til \1; finn ut hva som er riktig",
    ),
    (
        " came before, with other sums: (.*)\\. What came first counts; find out which is right",
        r" er her fra før, med andre summer: \1. Det som kom først, gjelder; finn ut hva som er riktig",
    ),
    (f"\\btips {_AND}", r"tips \1 og \2"),
    (f"\\brounding {_AND}", r"øreavrunding \1 og \2"),
    (f"money put in and taken out {_AND}", r"lagt inn og tatt ut \1 og \2"),
    (f"sales at (\\S+) % {_AND}", r"salg med \1 % \2 og \3"),
    (f"paid by all {_AND}", r"betalt i alt \1 og \2"),
    (f"paid by (\\S+) {_AND}", r"betalt med \1 \2 og \3"),
    (
        f" does not add up: its payments are {AMOUNT} more than its sales",
        r" går ikke opp: betalingene er \1 mer enn salget",
    ),
    (
        (
            r"^it has the same sums as (Z \S+), which closed at the same time and is here already: one day under two "
            "numbers, which must not be posted twice"
        ),
        (
            r"den har samme summer som \1, som ble avsluttet samtidig og er her fra før: én dag med to numre, som ikke "
            "må føres to ganger"
        ),
    ),
    (
        (
            r" is the first of register (\S+) in this file, and has no figures of its own: receipts from before the "
            r"file begins may be missing; export from a day earlier, and give --from (\S+)"
        ),
        (
            r" er den første på kasse \1 i denne filen, og har ingen egne tall: notaer fra før filen begynner, kan "
            r"mangle; eksporter fra dagen før, og oppgi --from \2"
        ),
    ),
    (
        r" stands there more than once; a Z can only be posted once",
        " står der mer enn én gang; en Z kan bare føres én gang",
    ),
    (
        (
            r": the registers (.+) are all read as terminal (\S+); give each a terminal of its own in "
            r"\[saft\.registers\], as "
        ),
        r": kassene \1 leses alle som terminal \2; gi hver sin egen terminal i [saft.registers], slik: ",
    ),
    (
        ": that is no number for a Z; reports are numbered from 1, in at most 33 letters",
        ": det er ikke noe nummer for en Z; de nummereres fra 1, med høyst 33 tegn",
    ),
    # a SAF-T file: the file itself
    (
        r" is packed \((\w+)\); unpack it, and give the SAF-T Cash Register file \(XML\) that is in it",
        r" er pakket (\1); pakk den ut, og oppgi SAF-T-kassefilen (XML) som ligger i den",
    ),
    (" is empty; export it from the till again", " er tom; eksporter den fra kassen på nytt"),
    (
        r" is no XML file: it begins with (.+); what is needed is the till's SAF-T Cash Register file \(XML\)",
        r" er ikke en XML-fil: den begynner med \1; det som trengs, er kassens SAF-T-fil (Cash Register, XML)",
    ),
    (r" is not whole XML \((.+)\); export it from the till again", r" er ikke hel XML (\1); eksporter den på nytt"),
    (
        r" is SAF-T Financial \(the accounts\); the till's own file, SAF-T Cash Register, is needed",
        " er SAF-T Regnskap; kassens egen fil, SAF-T Cash Register, er det som trengs",
    ),
    (
        " is no SAF-T Cash Register file: it begins with (.+) instead of (.+)",
        r" er ikke en SAF-T-kassefil (Cash Register): den begynner med \1 i stedet for \2",
    ),
    (
        " has a DOCTYPE, which SAF-T files never have; it is not read",
        " har en DOCTYPE, som SAF-T-filer aldri har; den leses ikke",
    ),
    (r" is in (\w+); only NOK can be read, so export it in NOK", r" er i \1; bare NOK kan leses, så eksporter i NOK"),
)
