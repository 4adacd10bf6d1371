"""What our programs write of single transactions of a SAF-T file, English → bokmål: see `details`.

Of its Z reports, and of the file itself: `settlement_details`.
"""

from __future__ import annotations

from posplugin.texts.settlement_details import AMOUNT

RULES = (
    (r"\bTransaction (\S+) of register (\S+?)(?=:| )", r"transaksjon \1 på kasse \2"),
    (r"^The report of event (\S+) of register (\S+)", r"rapporten i hendelse \1 på kasse \2"),
    (r"(?<=kasse )(\S+) cannot be read: ", r"\1 kan ikke leses: "),
    # what is written there
    (r"<(\S+)> has no (\S+); export the file from the till again", r"<\1> har ingen \2; eksporter filen på nytt"),
    (r"(\S+) is (\S+), which is more than any till takes", r"\1 er \2, og det er mer enn noen kasse tar"),
    (r"(\S+) is (\S+), which is no number", r"\1 er \2, og det er ikke noe tall"),
    (r"(\S+ \S+) and (\S+ \S+) are no date and time", r"\1 og \2 er ikke dato og klokkeslett"),
    (
        r"its nr stands there twice; export the file from the till again",
        "nummeret står der to ganger; eksporter filen på nytt",
    ),
    (
        "there is no <header>; export the file from the till again",
        "filen har ingen <header>; eksporter den fra kassen på nytt",
    ),
    (
        r" is written in an encoding that is not known here \((.+)\); use UTF-8",
        r" er skrevet med en tegnkoding som er ukjent her (\1); bruk UTF-8",
    ),
    (r"^(\S+) cannot be read: (?=\S)", r"\1 kan ikke leses: "),
    # codes
    (
        r"the payment (\S+) has no predefined code; add it to codes in \[saft\], as ",
        r"betalingen \1 har ingen standardkode; legg den til i codes under [saft], slik: ",
    ),
    (
        r"the type (\S+) has no predefined code; add it to codes in \[saft\], as ",
        r"typen \1 har ingen standardkode; legg den til i codes under [saft], slik: ",
    ),
    (
        r"the VAT code (\S+) is (\S+) % by its standard code (\S+), but (\S+) % here",
        r"mva-koden \1 er \2 % etter standardkoden \3, men \4 % her",
    ),
    (
        r"the VAT code (\S+) tells no rate; the file needs vatPerc, or standardVatCode",
        r"mva-koden \1 sier ingen sats; filen må ha vatPerc eller standardVatCode",
    ),
    (r"\bits VAT(?=: )", "mva-en"),
    (r"VAT code (\S+)(?=: \S+ (?:%|is))", r"mva-kode \1"),
    (
        "11.11 % is the rate for raw fish sold by fishermen, not for a restaurant",
        "11,11 % er satsen for råfisk fra fiskere, ikke for serveringssteder",
    ),
    (
        r"(\S+) is no Norwegian VAT rate here; use one of ",
        r"\1 er ingen norsk mva-sats her; bruk en av ",
    ),
    # sums
    (f"its total is {AMOUNT}, but it has no lines", r"summen er \1, men den har ingen linjer"),
    (
        (
            f"its lines add up to {AMOUNT}(?: and its discounts {AMOUNT})?, but its total is {AMOUNT}; correct it in "
            "the till and export again"
        ),
        r"linjene (og rabattene) kommer til \1 \2, men summen er \3; rett det i kassen og eksporter på nytt",
    ),
    (
        f"its payments add up to {AMOUNT}, but its total is {AMOUNT}; correct it in the till and export again",
        r"betalingene kommer til \1, men summen er \2; rett det i kassen og eksporter på nytt",
    ),
    (
        (
            f"its payments add up to {AMOUNT}, but total {AMOUNT}, rounding {AMOUNT} and tip {AMOUNT} make {AMOUNT} or "
            f"{AMOUNT}; correct it in the till and export again"
        ),
        (
            r"betalingene kommer til \1, men sum \2, avrunding \3 og tips \4 blir \5 eller \6; rett det i kassen og "
            "eksporter på nytt"
        ),
    ),
    (
        f"its payments exceed its total {AMOUNT} by {AMOUNT}, which leaves nothing on account",
        r"betalingene er \2 mer enn summen \1, så ingenting blir igjen på konto",
    ),
    (f"no payment of it can hold the tip {AMOUNT}", r"ingen av betalingene kan romme tipset \1"),
    (
        (
            f"nothing tells whether the tip {AMOUNT} is within its payments, so not what is on account either; the "
            "file needs the payment 12006"
        ),
        (
            r"ingenting sier om tipset \1 er med i betalingene, og da heller ikke hva som er på konto; filen må ha "
            "betalingen 12006"
        ),
    ),
    (
        f"it is rounded by {AMOUNT} without cash; only cash is rounded",
        r"den er avrundet med \1 uten kontanter; bare kontanter avrundes",
    ),
    # what it is: a sale, a return, a void
    (
        "it is a credit sale, but all of it was paid otherwise; correct its type or its payments",
        "den er et kredittsalg, men alt er betalt på annen måte; rett typen eller betalingene",
    ),
    (
        (
            r"it is a cash sale paid by (\S+) \(12006\), which may be a prepaid card or a room charge; if it is "
            r"Faktura, add (\S+) to invoice_payments in \[saft\], else map it to another code"
        ),
        (
            r"den er et kontantsalg betalt med \1 (12006), som kan være et forhåndsbetalt kort eller et rom; er det "
            r"Faktura, legg \2 til i invoice_payments under [saft], ellers gi den en annen kode"
        ),
    ),
    (
        f"its total {AMOUNT} is marked D, but its type (\\S+) is no return",
        r"summen \1 er merket D, men typen \2 er ingen retur",
    ),
    (
        f"it is a return, but its total {AMOUNT} is neither negative nor marked D",
        r"den er en retur, men summen \1 er verken negativ eller merket D",
    ),
    (
        r"it takes back what was invoiced, but names no original \(refID\), so no credit note can be made",
        "den tar tilbake noe som er fakturert, men nevner ingen original (refID), så ingen kreditnota kan lages",
    ),
    (
        (
            r"its customer (\S+) is no PowerOffice number; correct it, or set customer_numbers in \[saft\] to "
            '"linked" and link it'
        ),
        (
            r"kunden \1 er ikke noe kundenummer i PowerOffice; rett det, eller sett customer_numbers under [saft] til "
            '"linked" og koble kunden'
        ),
    ),
    (
        r"it is payment of an open invoice \(11005\); register it in the accounts",
        "den er betaling av en åpen faktura (11005); før den i regnskapet",
    ),
    (r"it voids transaction (\S+), which is voided already", r"den makulerer transaksjon \1, som er makulert fra før"),
    (
        r"transaction (\S+) voids (\S+), but their amounts differ; look at both by hand",
        r"transaksjon \1 makulerer \2, men beløpene er ulike; se på begge",
    ),
    (
        r"it voids (\S+), which is no sale in this file; look at both by hand",
        r"den makulerer \1, som ikke er noe salg i denne filen; se på begge",
    ),
    (
        r"it is a void that names no sale \(refID\); find the sale it voids by hand",
        "den makulerer uten å nevne noe salg (refID); finn salget for hånd",
    ),
    (r"\bvoids transaction (\S+)", r"makulerer transaksjon \1"),
    (r"\bvoided by transaction (\S+)", r"makulert av transaksjon \1"),
    (", after the Z of one of them; settle both by hand", ", etter Z-en til den ene; gjør opp begge for hånd"),
    (r"(\S+) belongs to terminal (\S+); play it there", r"\1 hører til terminal \2; spill den der"),
    (r" is practice$", " er øvelse"),
    # money in and out
    (r"the payment (\S+) is in (\w+); only NOK can be read", r"betalingen \1 er i \2; bare NOK kan leses"),
    (
        r"it is no sale, but paid by (\S+), which is Faktura",
        r"den er ikke noe salg, men betalt med \1, som er Faktura",
    ),
    ("it is a cash difference, but of ", "den er en kassedifferanse, men av "),
    (
        (
            f"it is (.+) \\((\\S+)\\) of {AMOUNT} with payments, and nothing tells what they are; book it by hand, or "
            r"map its type to another code in \[saft\]"
        ),
        (
            r"den er \1 (\2) på \3 med betalinger, og ingenting sier hva de er; før den for hånd, eller gi typen en "
            "annen kode under [saft]"
        ),
    ),
    (r" is ([^:]+) \((\d+)\): not posted$", r" er \1 (\2): føres ikke"),
    *(
        (rf"\b{english}(?= \(\d)", norwegian)
        for english, norwegian in (
            ("a purchase", "et innkjøp"),
            ("a payment to somebody", "en utbetaling"),
            ("payment of an open invoice", "betaling av en åpen faktura"),
            ("the opening float", "vekselbeholdningen"),
            ("a cash difference", "en kassedifferanse"),
            ("a correction", "en korreksjon"),
            ("money taken out", "penger tatt ut"),
            ("money put in", "penger lagt inn"),
            ("a stock movement", "en lagerbevegelse"),
            ("something other than a sale", "noe annet enn et salg"),
        )
    ),
    (
        r"(\d+) receipts? of register (\S+) after its last Z waits? for (?:its|their) Z: ",
        r"\1 nota(er) på kasse \2 etter siste Z venter på sin Z: ",
    ),
    (r"… and (\d+) more", r"… og \1 til"),
    # the [saft] table
    (r"^saft\.codes: (.+) is no predefined SAF-T code such as ", r"saft.codes: \1 er ingen standardkode i SAF-T, som "),
    (r"^saft\.customer_numbers is (.+); use ", r"saft.customer_numbers er \1; bruk "),
    (r"^saft\.line_kinds: (.+); use one of ", r"saft.line_kinds: \1; bruk en av "),
    (r"^saft\.registers: (.+) is (.+); use ", r"saft.registers: \1 er \2; bruk "),
)
