"""What `posplugin check` says, in bokmål."""

from __future__ import annotations

from posplugin.domain.fault import Fault
from posplugin.domain.look import Look, Need
from posplugin.texts.check import CheckText, FaultText, LookText

_ACCOUNTANT = "Spør regnskapsføreren."
_SYNC = "Kjør så `posplugin customers sync`."


def _look(subject: str, right: str) -> LookText:
    return LookText(subject=subject, right=right)


def _fault(sentence: str, remedy: str) -> FaultText:
    return FaultText(sentence=sentence, remedy=remedy)


_LOOKS = {
    Look.SETTINGS: _look("innstillinger", "{path}"),
    Look.SETTINGS_FILE: _look("innstillingsfil", "kan bare leses av eieren"),
    Look.ENABLED_SINCE: _look("invoicing.enabled_since", "salg fra og med {date} faktureres"),
    Look.OUTBOX: _look("utboks", "{path}, skjema {schema}"),
    Look.SQLITE: _look("SQLite", "{version}"),
    Look.INTEGRITY: _look("utboksens innhold", "hele filen er lest, uten feil"),
    Look.DISK: _look("disken", "tar imot; {megabytes} MB er ledig"),
    Look.RECEIPT_PDF: _look("papirer som PDF", "fpdf2 er installert"),
    Look.CONNECTION: _look("forbindelse for {departments}", "{client} (klient {id})"),
    Look.CLOCK: _look("klokke", "går likt med PowerOffices, på {seconds} s nær"),
    Look.PRIVILEGE: _look("rettighet {privilege} for {departments}", "{need}"),
    Look.SENDING: _look("sending for {departments}", "integrasjonen kan sende fakturaer"),
    Look.VAT_REGISTRATION: _look("mva-registrering for {departments}", "klienten er mva-registrert"),
    Look.LOCK_DATE: _look("låst periode for {departments}", "låst til og med {locked}; vi trenger fra og med {first}"),
    Look.CONVERSION_DATE: _look(
        "konverteringsdato for {departments}", "bilag kan føres fra og med {conversion}; vi trenger fra og med {first}"
    ),
    Look.DEPARTMENT: _look("avdeling {setting}", "{code} {name}"),
    Look.EMPLOYEES: _look("ansatte for {departments}", "{count} i PowerOffice"),
    Look.PRODUCT: _look("produkt {setting}", "{code} {name} → konto {account}, mva-kode {vat_code}"),
    Look.LEDGER: _look("konto {setting}", "{account} {name}, mva-kode {vat_code}"),
    Look.CUSTOMERS: _look("kunder for {departments}", "{count}, lest for {age} siden"),
    Look.LINKED_CUSTOMERS: _look("koblede kunder for {departments}", "{count}, alle til kunder som kan faktureres"),
    Look.VAT_FREE_CUSTOMERS: _look("kunder uten mva for {departments}", "{count}, som kassen sier nei til: {first}"),
    Look.EHF_CUSTOMERS: _look(
        "kunder med EHF for {departments}",
        "{count}, som kassen sier nei til så lenge invoicing.allow_vat_in_text er false: {first}",
    ),
    Look.REFERENCE_CUSTOMERS: _look(
        "kunder som må gi referanse for {departments}",
        "{count}, ved hvert kjøp «Deres referanse» eller et bestillingsnummer: {first}",
    ),
    Look.PRICES: _look(
        "priser for {departments}",
        "invoicing.send_amount_excluding_vat = {value} stemmer med PowerOffice, målt {measured}",
    ),
    Look.NO_LEDGER: _look(
        "dagsoppgjør for {departments}", "føres ikke i PowerOffice: innstillingene har ingen kontoplan, [ledger]"
    ),
    Look.SETTLEMENTS_OFF: _look(
        "dagsoppgjør for {departments}", "føres ikke i PowerOffice: slått av med settlement.enabled = false"
    ),
    Look.RECORDS: _look("det som venter", "{count} som ble holdt tilbake for oppsettets skyld, går videre"),
}

_FAULTS = {
    Fault.SETTINGS_UNREADABLE: _fault(
        "Innstillingene kan ikke leses: {problems}", "Rett det som er nevnt, og kjør `posplugin check` igjen."
    ),
    Fault.SETTINGS_EXPOSED: _fault(
        "Andre på denne maskinen kan lese nøklene i {path}.",
        "Kjør `chmod 600 {path}`. Kan ikke rettighetene endres, ta nøklene ut av filen og gi dem i miljøet "
        "(docs/settings.md). Kan noen ha lest dem, bytt nøklene i PowerOffice.",
    ),
    Fault.ENABLED_SINCE_MOVED: _fault(
        "invoicing.enabled_since var {was} da de første fakturaene ble levert, og er {now} nå.",
        "Sett den tilbake til {was}; «–» betyr at den skal utelates.",
    ),
    Fault.OUTBOX_NOT_OPENED: _fault(
        "Utboksen kan ikke åpnes: {words}.",
        "Se at outbox.path er på en lokal disk som ikke er full, og at brukeren kan skrive der.",
    ),
    Fault.OUTBOX_TOO_NEW: _fault(
        "Utboksen er skrevet av en nyere posplugin: {words}.",
        "Installer den nyere versjonen igjen; ingenting er endret.",
    ),
    Fault.SQLITE_TOO_OLD: _fault(
        "SQLite er for gammel og kan miste lagrede salg: {words}.",
        "Installer apsw på nytt: `pip install --upgrade apsw`. Start så kassen igjen.",
    ),
    Fault.OUTBOX_DAMAGED: _fault(
        "Utboksen er skadet: {words}.",
        "Stopp kassen, ta vare på filen, og legg den nyeste sikkerhetskopien ved siden av. Sjekk disken.",
    ),
    Fault.NO_PDF_LIBRARY: _fault(
        "En kvittering eller Z-rapport skal legges ved, men fpdf2, som lager PDF-en, er ikke installert.",
        'Installer det: `pip install "posplugin[pdf]"`, eller sett invoicing.attach_receipt og '
        "settlement.attach_z_report til false.",
    ),
    Fault.OUTBOX_HELD: _fault(
        "Utboksen må oppdateres, og et annet program har den åpen: {words}.",
        "Stopp kassen, tjenesten og konsollen, og start dem igjen. Ingenting er endret.",
    ),
    Fault.OUTBOX_OF_ANOTHER: _fault(
        "Utboksen tilhører en annen: {words}.",
        "Gi hver kasse sin egen fil i outbox.path. Har kassen fått nytt navn: `posplugin outbox take-over`.",
    ),
    Fault.OUTBOX_NOT_WRITTEN: _fault(
        "Ingenting kan lagres: {words}.",
        "Få disken i orden. Til det er gjort, må gjestene betale på en annen måte; det som er lagret, er trygt.",
    ),
    Fault.NOT_REACHED: _fault(
        "PowerOffice svarte ikke som det skulle: {words}.",
        "Se på nettet, poweroffice.endpoint_mode og PowerOffices driftsmeldinger, og prøv igjen. Salgene er lagret.",
    ),
    Fault.KEYS_REFUSED: _fault(
        "PowerOffice godtar ikke nøklene: {words}.",
        "Sammenlign alle tre nøkler med Innstillinger > Utvidelser i PowerOffice; de må være av samme miljø som "
        "poweroffice.endpoint_mode.",
    ),
    Fault.CLOCK_WRONG: _fault(
        "Klokken her er {here}, og hos PowerOffice {there}.",
        "Slå på tidssynkronisering på maskinen (Linux: `timedatectl set-ntp true`).",
    ),
    Fault.PRIVILEGE_MISSING: _fault(
        "Integrasjonen mangler rettigheten; den trengs for {need}.",
        "Be PowerOffice (go-api@poweroffice.no) gi applikasjonsnøkkelen {privilege}. Den virker fra neste token, "
        "innen 20 minutter.",
    ),
    Fault.PRIVILEGE_WITHOUT_SUBSCRIPTION: _fault(
        "Integrasjonen har rettigheten, men klientens abonnement dekker den ikke; den trengs for {need}.",
        "Bestill modulen som mangler, i PowerOffice, eller la den som eier klienten gjøre det. Rettigheten virker fra "
        "neste token, innen 20 minutter.",
    ),
    Fault.PRIVILEGE_REFUSED: _fault(
        "PowerOffice sa nei til {request}: {words}.",
        "Se på utvidelsen under Innstillinger > Utvidelser i PowerOffice. Er rettigheten ny, virker den fra neste "
        "token, innen 20 minutter; kjør så `posplugin check` igjen.",
    ),
    Fault.MAY_NOT_SEND: _fault(
        'Integrasjonen kan ikke sende fakturaer, og invoicing.delivery er "send".',
        "Tillat sending for utvidelsen under Innstillinger > Utvidelser i PowerOffice, eller sett invoicing.delivery "
        'til "draft" eller "confirmed". En ny rettighet virker fra neste token, innen 20 minutter.',
    ),
    Fault.NOT_VAT_REGISTERED: _fault(
        "Klienten er ikke mva-registrert i PowerOffice, så fakturaene ville vært uten mva.",
        "Rett det under Innstillinger > Mva i PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PERIOD_LOCKED: _fault(
        "Regnskapet er låst til og med {locked}, og det er salg å føre fra og med {first}.",
        "Be regnskapsføreren flytte låsedatoen, eller sett invoicing.enabled_since etter den om ingenting er levert.",
    ),
    Fault.BEFORE_CONVERSION: _fault(
        "PowerOffice tar imot bilag fra og med {conversion}, og det er salg å føre fra og med {first}.",
        "Sett invoicing.enabled_since til {conversion} eller senere. " + _ACCOUNTANT,
    ),
    Fault.DEPARTMENT_MISSING: _fault(
        "Avdeling {code} finnes ikke i PowerOffice.",
        "Opprett avdelingen i PowerOffice, eller rett {setting}.",
    ),
    Fault.DEPARTMENT_INACTIVE: _fault(
        "Avdeling {code} er ikke aktiv i PowerOffice.", "Gjør avdelingen aktiv i PowerOffice, eller rett {setting}."
    ),
    Fault.NO_EMPLOYEES: _fault(
        "PowerOffice har ingen ansatte, og ansattnummer skal sendes med.",
        "Opprett de ansatte i PowerOffice med kassens numre, eller sett invoicing.include_employee_number til false.",
    ),
    Fault.PRODUCT_NOT_SET: _fault(
        "Ingen produktkode er satt.", "Opprett produktet under Produkter i PowerOffice, og sett {setting} til koden."
    ),
    Fault.PRODUCT_MISSING: _fault(
        "Produkt {code} finnes ikke i PowerOffice.",
        "Se kolonnen Kode under Produkter i PowerOffice, og rett {setting}.",
    ),
    Fault.PRODUCT_TWICE: _fault(
        "Produktkode {code} finnes {times} ganger i PowerOffice.",
        "Gi bare ett produkt denne koden under Produkter i PowerOffice.",
    ),
    Fault.PRODUCT_ARCHIVED: _fault(
        "Produkt {code} er arkivert i PowerOffice.",
        "Hent det fram igjen under Produkter i PowerOffice, eller sett {setting} til et annet.",
    ),
    Fault.PRODUCT_WITHOUT_ACCOUNT: _fault(
        "Produkt {code} har ingen egen salgskonto, så ingen vet hvilken mva det får.",
        "Gi produktet en salgskonto under Produkter i PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PRODUCT_ACCOUNT_MISSING: _fault(
        "Produkt {code} har salgskonto {account}, som ikke finnes i kontoplanen.",
        "Gi produktet en annen salgskonto under Produkter i PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PRODUCT_ACCOUNT_INACTIVE: _fault(
        "Produkt {code} har salgskonto {account}, som ikke er aktiv.",
        "Gjør kontoen aktiv i kontoplanen i PowerOffice, eller gi produktet en annen salgskonto.",
    ),
    Fault.PRODUCT_ACCOUNT_NEEDS_DEPARTMENT: _fault(
        "Salgskonto {account} til produkt {code} krever avdeling, og avdelingen har ingen kode i innstillingene.",
        "Sett {department_setting}, eller fjern kravet i kontoplanen i PowerOffice.",
    ),
    Fault.PRODUCT_ACCOUNT_NEEDS_PROJECT: _fault(
        "Salgskonto {account} til produkt {code} krever prosjekt, og kassen kjenner ingen prosjekter.",
        "Fjern kravet i kontoplanen i PowerOffice, eller gi produktet en annen salgskonto.",
    ),
    Fault.VAT_REPORTED_TWICE: _fault(
        "Mva ville blitt rapportert to ganger: produkt {code} føres på konto {account} med mva-kode {vat_code}, og "
        "dagsoppgjøret rapporterer mva allerede.",
        'Gi produktet en konto med mva-kode {wanted}, eller sett invoicing.vat_reported_by til "invoice". '
        + _ACCOUNTANT,
    ),
    Fault.VAT_NOT_REPORTED: _fault(
        "Mva ville ikke blitt rapportert: produkt {code} føres på konto {account} med mva-kode {vat_code}.",
        'Gi produktet en konto med mva-kode {wanted}, eller sett invoicing.vat_reported_by til "settlement". '
        + _ACCOUNTANT,
    ),
    Fault.VAT_OF_ANOTHER_RATE: _fault(
        "Produkt {code} føres på konto {account} med mva-kode {vat_code}, som ikke er for salg til {rate} %.",
        "Gi produktet en konto med mva-kode {wanted} under Produkter i PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.VAT_ON_NO_TURNOVER: _fault(
        "Produkt {code} er ikke omsetning, men føres på konto {account} med mva-kode {vat_code}.",
        "Gi produktet en konto med mva-kode {wanted} under Produkter i PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PRODUCT_NOT_ON_CLEARING: _fault(
        "Produkt {code} føres på konto {account}, og ikke på {clearing}, der dagsoppgjøret fører det som faktureres.",
        "Gi produktet salgskonto {clearing} under Produkter i PowerOffice, eller rett ledger.invoice_clearing.",
    ),
    Fault.FEE_WITHOUT_PRICE: _fault(
        "Gebyrproduktet {code} har ingen pris i PowerOffice, og invoicing.invoice_fee_amount er ikke satt.",
        "Gi produktet en pris under Produkter i PowerOffice, eller sett invoicing.invoice_fee_amount.",
    ),
    Fault.ACCOUNT_MISSING: _fault(
        "Konto {account} finnes ikke i kontoplanen.",
        "Opprett kontoen i PowerOffice, eller rett {setting}. " + _ACCOUNTANT,
    ),
    Fault.ACCOUNT_INACTIVE: _fault(
        "Konto {account} er ikke aktiv.", "Gjør kontoen aktiv i kontoplanen i PowerOffice, eller rett {setting}."
    ),
    Fault.ACCOUNT_NEEDS_DEPARTMENT: _fault(
        "Konto {account} krever avdeling, og avdelingen har ingen kode i innstillingene.",
        "Sett {department_setting}, eller fjern kravet i kontoplanen i PowerOffice.",
    ),
    Fault.ACCOUNT_NEEDS_PROJECT: _fault(
        "Konto {account} krever prosjekt, og kassen kjenner ingen prosjekter.",
        "Fjern kravet i kontoplanen i PowerOffice, eller rett {setting}.",
    ),
    Fault.ACCOUNT_LOCKED_TO_ANOTHER_CODE: _fault(
        "Konto {account} er låst til mva-kode {locked}, og innstillingene sier {vat_code}.",
        "Rett vat_code i {setting}, eller bruk en annen konto. " + _ACCOUNTANT,
    ),
    Fault.ACCOUNT_LOCKED_TO_TURNOVER: _fault(
        "Konto {account} er låst til mva-kode {locked}, og her føres det som ikke er omsetning.",
        "Bruk en konto med mva-kode {wanted} i {setting}. " + _ACCOUNTANT,
    ),
    Fault.VAT_CODE_MISSING: _fault(
        "Mva-kode {vat_code} finnes ikke i PowerOffice.", "Rett vat_code i {setting}. " + _ACCOUNTANT
    ),
    Fault.VAT_CODE_INACTIVE: _fault(
        "Mva-kode {vat_code} er ikke aktiv i PowerOffice.",
        "Gjør mva-koden aktiv i PowerOffice, eller rett vat_code i {setting}. " + _ACCOUNTANT,
    ),
    Fault.VAT_CODE_OF_ANOTHER_RATE: _fault(
        "Mva-kode {vat_code} er {its_rate} %, og linjen er for {rate} %.",
        "Rett vat eller vat_code i {setting}. " + _ACCOUNTANT,
    ),
    Fault.VAT_CODE_NOT_FOR_SALES: _fault(
        "Mva-kode {vat_code} er ikke for salg til {rate} %.",
        "Bruk mva-kode {wanted} i {setting}. " + _ACCOUNTANT,
    ),
    Fault.CUSTOMERS_NEVER_READ: _fault(
        "Ingen kunder er lest med nøklene som gjelder nå.",
        "Kjør `posplugin customers sync`; etter et bytte av nøkler må alle leses på nytt.",
    ),
    Fault.CUSTOMERS_TOO_OLD: _fault("Kundelisten ble lest for {age} siden.", "Kjør `posplugin customers sync`."),
    Fault.LINKED_CUSTOMER_GONE: _fault(
        "Kassens kunde {host_id} er koblet til kunde {number}, som ikke finnes i PowerOffice.",
        "Koble den til en annen: `posplugin customers link --move`. Er kunden ny i PowerOffice: "
        "`posplugin customers sync`.",
    ),
    Fault.LINKED_CUSTOMER_ARCHIVED: _fault(
        "Kassens kunde {host_id} er koblet til kunde {number} {name}, som er arkivert i PowerOffice.",
        "Hent kunden fram igjen under Kunder i PowerOffice, eller koble til en annen: "
        "`posplugin customers link --move`. " + _SYNC,
    ),
    Fault.PRICES_WITHOUT_VAT: _fault(
        "PowerOffice regner prisene uten mva, og invoicing.send_amount_excluding_vat er false: hver faktura ville "
        "blitt for stor.",
        "Sett invoicing.send_amount_excluding_vat til true.",
    ),
    Fault.PRICES_WITH_VAT: _fault(
        "PowerOffice regner prisene med mva, og invoicing.send_amount_excluding_vat er true: hver faktura ville blitt "
        "for liten.",
        "Sett invoicing.send_amount_excluding_vat til false.",
    ),
    Fault.TOTAL_NOT_UNDERSTOOD: _fault(
        "Et utkast med én linje på 100,00 kr til {rate} % ble {total} kr; ventet 100,00 eller {expected}.",
        "Se på produkt {code} og mva-oppsettet i PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.DRAFT_REFUSED: _fault(
        "PowerOffice tok ikke imot prøveutkastet til kunde {number}: {words}.",
        "Rett det svaret peker på. Er kunden arkivert siden sist: `posplugin customers sync`, og prøv igjen.",
    ),
    Fault.DRAFT_LEFT: _fault(
        "Prøveutkastet kunne ikke slettes og står i PowerOffice som ordre {order} på kunde {number}: {words}.",
        "Slett ordren i PowerOffice, eller kjør `posplugin check` igjen, som sletter den.",
    ),
    Fault.DRAFT_UNCERTAIN: _fault(
        "Det er uvisst om et prøveutkast fra {posted} står i PowerOffice.",
        "Vent et minutt og kjør `posplugin check` igjen; finnes det, blir det slettet.",
    ),
    Fault.PRICES_NOT_MEASURED: _fault(
        "Det er ikke målt om PowerOffice regner prisene med eller uten mva med disse innstillingene.",
        "Kjør `posplugin check` uten --no-draft én gang.",
    ),
    Fault.NO_CUSTOMER_FOR_DRAFT: _fault(
        "Ingen kunde kan brukes til å måle prisene: alle er arkivert eller uten mva.",
        "Opprett en kunde under Kunder i PowerOffice. " + _SYNC,
    ),
    Fault.DRAFT_SENT: _fault(
        "Et prøveutkast fra `posplugin check` er sendt til kunde {number} som faktura {invoice}.",
        "Krediter fakturaen i PowerOffice, og si fra til kunden.",
    ),
}

CHECK = CheckText(
    language="nb",
    look=_LOOKS,
    fault=_FAULTS,
    either="eller",
    need={
        Need.DRAFTS: "å lage fakturautkast",
        Need.SENT_INVOICES: "å finne fakturaer som er sendt",
        Need.CUSTOMERS: "å lese kunder",
        Need.PRODUCTS: "å lese produkter",
        Need.ACCOUNTS: "å se hvilken mva-kode et produkt føres med",
        Need.COMMON_SETTINGS: "å lese mva-oppsett, mva-koder og låst periode",
        Need.DEPARTMENTS: "å lese avdelinger",
        Need.ATTACHMENTS: "å legge ved kvitteringen",
        Need.EMPLOYEES: "å finne ansatte",
        Need.NEW_PRODUCTS: "å opprette produkter som mangler",
        Need.SETTLEMENTS: "å føre dagsoppgjør",
        Need.SETTLEMENT_DRAFTS: "å lage dagsoppgjør som utkast",
    },
    days="{days} døgn",
    hours="{hours} timer",
    less_than_an_hour="mindre enn en time",
    some_wrong="{wrong} av {count} er ikke i orden; så lenge det er slik, sendes ingenting av seg selv.",
    nothing_proven="Ingenting kunne bevises, verken for eller mot oppsettet. Automatisk sending er som før.",
    all_right="Forbindelsen og oppsettet er i orden. Automatisk sending kan begynne.",
)
