"""What is wrong in the settings, in bokmål."""

from __future__ import annotations

from posplugin.texts.console_settings import ProblemsText

_ASK = "Spør regnskapsføreren, eller sett «Før dagsoppgjør» til nei."

PROBLEMS = ProblemsText(
    sentence={
        "{setting}{row} is {value}; {expected}": "{value} kan ikke brukes: {expected}.",
        "{setting}{row} cannot be used; {expected}": "Nøkkelen kan ikke brukes: {expected}.",
        "{setting}{row} is missing; write it in the file": "Må fylles ut.",
        "{setting}{row} is missing; write it in the file, or set {variable} in the environment": (
            "Må fylles ut her eller settes som {variable} i miljøet."
        ),
        "{setting} is a single value; make it a table, {table}": (
            "{setting} er en enkelt verdi i filen; gjør den til en tabell: {table}."
        ),
        "{setting} cannot be set: {section} is a single value in the file, not a table": (
            "Kan ikke settes: {section} er en enkelt verdi i filen, ikke en tabell. Rett den i filen først."
        ),
        "{setting} is no setting; did you mean {close}?": (
            "{setting} i filen er ingen innstilling. Er det {close} som er ment?"
        ),
        "{setting} is no setting; take it out": "{setting} i filen er ingen innstilling. Ta den bort.",
        '{setting} is "{name}", but the file has no [{header}]; it has {known}': (
            "«{name}» er ingen avdeling i filen. Den har {known}."
        ),
        '{setting} is "{name}", but the file has no [{header}]; it has none': (
            "«{name}» er ingen avdeling i filen. Den har ingen."
        ),
        '{setting} belongs to frequency "{belongs_to}", but {where}.frequency is "{frequency}"': (
            "Hører bare til når det sendes {belongs_to}, men det sendes {frequency}. Tøm feltet."
        ),
        '{setting} is missing; frequency "{frequency}" needs it': (
            "Mangler; når det sendes {frequency}, må det fylles ut."
        ),
        '{setting} is "{value}"; expected at least "10s", since what was sent may not show at once': (
            "{value} er for kort: skriv minst 10s, for det som er sendt, vises kanskje ikke med en gang."
        ),
        '{setting} belongs to lines "per_item", but invoicing.lines is "{lines}"': (
            "Krever én linje per vare under «Fakturalinjer»."
        ),
        '{setting} has article group "{group}" at {rate} % {times} times; keep one': (
            "Varegruppe {group} med {rate} % står {times} ganger; behold én."
        ),
        '{setting} is missing for department "{name}"; vat_reported_by = "settlement" needs the account where invoiced '
        "sales stand until sent (19xx)": (
            "Mangler for {name}: når dagsoppgjøret rapporterer mva, trengs kontoen der det fakturerte står til det er "
            "sendt (19xx)."
        ),
        '{setting} is "settlement", but department "{name}" has no ledger: the settlement is to report the VAT, and '
        "nothing is posted; give it a [ledger], or set settlement.enabled = false where another system posts the day's "
        "settlement against the clearing account": (
            "{name} har ingen kontoplan, så ingen ville rapportert mva. Fyll ut kontoplanen, eller sett «Før "
            "dagsoppgjør» til nei der et annet system fører dagsoppgjøret mot Faktura kasse."
        ),
        '{setting} is true, but department "{name}" has no ledger; write [ledger] with the accountant\'s accounts, or '
        "take settlement.enabled out": (
            "{name} har ingen kontoplan. Fyll ut kontoplanen, eller før bare for avdelinger som har en."
        ),
        "{setting} is missing: {what}; ask the accountant for it, or set settlement.enabled = false to post no "
        "settlements": "Mangler: {what}. " + _ASK,
    },
    expected={
        "write it in quotes": "skriv det i anførselstegn i filen",
        "write true or false, without quotes": "skriv true eller false i filen, uten anførselstegn",
        "write a whole number, without quotes": "skriv et helt tall",
        "write a date without quotes, such as 2026-11-01": "skriv en dato, som 01.11.2026",
        "use {expected}": "bruk {expected}",
        "give {ge} or more": "skriv {ge} eller mer",
        "give {le} or less": "skriv {le} eller mindre",
        "give at most {max_length} characters": "høyst {max_length} tegn",
        "make it a list, in square brackets": "gjør det til en liste i filen, i hakeparenteser",
        "write another value": "skriv en annen verdi",
        'write a length of time in quotes, a whole number and s, m, h or d, such as "90s" or "6h"': (
            "skriv et helt tall og s, m, h eller d, som 90s eller 6h"
        ),
        "give a year at most": "skriv høyst ett år",
        "give more than nothing": "skriv mer enn null",
        'write a time of day in quotes, such as "06:00"': "skriv et klokkeslett, som 06:00",
        "choose a time outside 02:00 to 02:59: that hour is missing, or comes twice, when the clocks change": (
            "velg en tid utenom 02:00 til 02:59; den timen mangler eller kommer to ganger når klokken stilles"
        ),
        'write an amount of kroner in quotes, with a point, such as "39.00"': "skriv kroner, som 39,00",
        'write kroner above zero with at most two decimals, such as "39.00"': (
            "skriv kroner over null med høyst to desimaler, som 39,00"
        ),
        'write the name of a time zone, such as "Europe/Oslo"': "skriv navnet på en tidssone, som Europe/Oslo",
        "write something, or leave the setting out": "skriv noe som kan leses, eller la det være tomt",
        "give 1 to 64 printable characters": "skriv 1 til 64 tegn som kan leses",
        "put the key from PowerOffice GO here": "lim inn nøkkelen fra PowerOffice GO",
        "copy the key anew: it holds blanks or letters that no key has": (
            "kopier den på nytt; den har mellomrom eller tegn som ingen nøkkel har"
        ),
        "give the number of an account in PowerOffice's Kontoplan, without quotes": (
            "skriv nummeret på en konto i PowerOffices kontoplan"
        ),
        'give the VAT code that PowerOffice has for it, in quotes, such as "3" or "31"': (
            "skriv mva-koden som PowerOffice har for det, som 3 eller 31"
        ),
        'the simulator runs on this machine alone: write an address such as "http://127.0.0.1:8900"': (
            "simulatoren går bare på denne maskinen; skriv en adresse som http://127.0.0.1:8900"
        ),
        'write a path in quotes, such as "outbox.sqlite3"': "skriv en plass, som outbox.sqlite3",
        "at least one way to pay with its account, such as cash = 1900": "minst én betalingsmåte med konto",
        "at least one row with article group, VAT rate, account and VAT code": (
            "minst én linje med varegruppe, mva-sats, konto og mva-kode"
        ),
        "the account of tips that are owed to the staff (29xx)": "kontoen for tips som skyldes de ansatte (29xx)",
        "the account of gift cards that are sold and not yet used (29xx)": (
            "kontoen for gavekort som er solgt og ikke brukt (29xx)"
        ),
        "the account of what cash is rounded by (øreavrunding)": "kontoen for øreavrunding",
        "the account of what is counted too little or too much (kassedifferanse)": "kontoen for kassedifferanse",
    },
    unwritten={
        "{path} is not written as TOML: {error}": "{path} er ikke skrevet som TOML: {error}",
        "{path} cannot be read: {error}": "{path} kan ikke leses: {error}",
        "{path} holds keys, and others on this machine can read or change it; run `chmod 600 {path}`, or, where its "
        "mode cannot be changed, take the keys out of the file and give them in the environment "
        "(POSPLUGIN_APPLICATION_KEY and so on); change the keys in PowerOffice if somebody may have read them": (
            "{path} har nøkler, og andre på denne maskinen kan lese eller endre den. Kjør `chmod 600 {path}`. Kan ikke "
            "rettighetene endres, ta nøklene ut av filen og gi dem i miljøet (POSPLUGIN_APPLICATION_KEY og så videre). "
            "Bytt nøklene i PowerOffice hvis noen kan ha lest dem."
        ),
        "{path} is not UTF-8 text; save it as UTF-8 and try again": "{path} er ikke UTF-8-tekst; lagre den som UTF-8.",
        "{path} cannot be written: {error}": "{path} kan ikke skrives: {error}",
        "{path} is written in a way that cannot be changed from here; change it in an editor": (
            "{path} er skrevet på en måte som ikke kan endres herfra; endre den i en editor."
        ),
        "{variable} fits two departments; rename one of them": (
            "{variable} passer til to avdelinger; gi den ene et annet navn."
        ),
    },
    twice="{name} står to ganger; behold én.",
    department_exists="Avdelingen {name} finnes allerede.",
    department_nameless="Gi den nye avdelingen et navn.",
)
