"""Bokmål."""

from __future__ import annotations

from posplugin.domain.payment import PaymentField, RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.texts.model import ChannelText, InvoiceText, PaperText, ReasonText, ReceiptText, Texts, WarningText
from posplugin.texts.settlement_nb import SETTLEMENT

_BY_ITSELF = (
    "Fakturaen går videre når `posplugin check` går gjennom, eller straks med `posplugin outbox retry <reference>`."
)
_AFTER_CHECK = "Kjør så `posplugin check`: når den går gjennom, sendes resten av seg selv."
_RETRY = "Send så på nytt med `posplugin outbox retry <reference>`."

_REFUSALS = {
    RefusalCode.CUSTOMER_REQUIRED: "Velg kunde før du tar betalt med Faktura.",
    RefusalCode.CUSTOMER_UNKNOWN: "Kunde {number} finnes ikke i PowerOffice. Søk opp kunden på nytt, eller ta betalt "
    "på en annen måte.",
    RefusalCode.CUSTOMER_ARCHIVED: "{customer} er arkivert i PowerOffice og kan ikke få faktura. Velg en annen kunde.",
    RefusalCode.CUSTOMER_VAT_FREE: "{customer} er satt opp uten mva i PowerOffice, og salget har mva. Velg en annen "
    "kunde, eller ta betalt på en annen måte.",
    RefusalCode.CUSTOMER_NOT_LINKED: "Kunden er ikke koblet til en kunde i PowerOffice. Søk opp kunden under Faktura, "
    "eller be den som drifter kassen om å koble den.",
    RefusalCode.REFERENCE_REQUIRED: "{customer} må ha «Deres referanse» eller et bestillingsnummer på fakturaen. Spør "
    "gjesten og skriv det inn.",
    RefusalCode.VAT_DOCUMENT_NEEDED: "{customer} får EHF, og det kan ikke sendes fra denne kassen. Velg en annen "
    "kunde, eller ta betalt på en annen måte.",
    RefusalCode.CREDIT_LIMIT: "{customer} har en kredittgrense på {limit} kr og {amount} kr utestående fra før; dette "
    "blir for mye. Ta betalt på en annen måte, eller be den som har ansvar for fakturaene, om å heve grensen.",
    RefusalCode.FIELD_TOO_LONG: "Det er for mye tekst i «{field}»: det er plass til {limit} tegn. Skriv kortere.",
    RefusalCode.TIP_NOT_ALLOWED: "Tips kan ikke settes på faktura her. Ta tipset med kort eller kontant.",
    RefusalCode.NOTHING_TO_INVOICE: "Det er ikke noe beløp å fakturere. Sjekk beløpet på Faktura.",
    RefusalCode.NEGATIVE_WITHOUT_ORIGINAL: "En retur på faktura må gjøres fra den opprinnelige notaen. Finn notaen "
    "og ta returen derfra.",
    RefusalCode.RETURN_EXCEEDS_ORIGINAL: "Returen er større enn det som er igjen på nota {receipt} med {rate} % mva: "
    "høyst {limit} kr. Rett beløpet.",
    RefusalCode.RETURN_OTHER_CUSTOMER: "Nota {receipt} ble fakturert en annen kunde. Velg kunden som fikk fakturaen.",
    RefusalCode.INVOICING_OFF: "Faktura er slått av på denne kassen. Ta betalt på en annen måte.",
    RefusalCode.BEFORE_ENABLED_SINCE: "Faktura kan brukes på salg fra og med {date}. Ta betalt på en annen måte.",
    RefusalCode.DEPARTMENT_UNKNOWN: "Avdelingen «{department}» er ikke satt opp for faktura. Ta betalt på en annen "
    "måte, og si fra til den som drifter kassen.",
    RefusalCode.TRAINING_SALE: "Et øvelsessalg kan ikke faktureres. Avslutt øvelsesmodus først.",
    RefusalCode.OTHER_TERMINAL: "Salget hører til en annen kasse. Ta betalt på kassen der det ble slått inn.",
    RefusalCode.FACTS_DIFFER: "Salget er endret etter at Faktura ble valgt. Fjern betalingen og velg Faktura på nytt.",
    RefusalCode.PAYMENT_VOIDED: "Denne betalingen er angret. Velg Faktura på nytt.",
    RefusalCode.UNKNOWN_CHANNEL: "Denne betalingsmåten er ikke tilgjengelig nå. Ta betalt på en annen måte.",
    RefusalCode.PLUGIN_FAILED: "Faktura virker ikke akkurat nå. Prøv én gang til, eller ta betalt på en annen måte.",
}


def _reason(sentence: str, remedy: str) -> ReasonText:
    return ReasonText(sentence=sentence, remedy=remedy)


_REASONS = {
    Reason.CUSTOMER_UNKNOWN: _reason(
        "Kunden finnes ikke i PowerOffice.",
        f"Opprett kunden med samme nummer under Kunder, eller velg en annen med `posplugin outbox amend <reference>`. "
        f"{_BY_ITSELF}",
    ),
    Reason.CUSTOMER_ARCHIVED: _reason(
        "Kunden er arkivert i PowerOffice.", f"Hent kunden fram igjen under Kunder i PowerOffice. {_BY_ITSELF}"
    ),
    Reason.CUSTOMER_VAT_FREE: _reason(
        "Kunden er satt opp uten mva i PowerOffice, men salget har mva.",
        f"Rett kunden under Kunder, eller velg en annen med `posplugin outbox amend <reference>`. {_BY_ITSELF}",
    ),
    Reason.PRODUCT_MISSING: _reason(
        "Et produkt som fakturaen trenger, finnes ikke i PowerOffice eller mangler i innstillingene.",
        f"Opprett produktet under Produkter, eller rett koden i products i innstillingene. {_AFTER_CHECK}",
    ),
    Reason.PRODUCT_ARCHIVED: _reason(
        "Et produkt som fakturaen trenger, er arkivert i PowerOffice.",
        f"Hent produktet fram igjen under Produkter, eller bruk en annen kode i innstillingene. {_AFTER_CHECK}",
    ),
    Reason.ACCOUNT_MISSING: _reason(
        "En konto mangler i innstillingene, eller finnes ikke i PowerOffice.",
        f"Se Innstillinger > Kontoplan i PowerOffice, og rett kontoen, eller legg den til, i ledger i innstillingene. "
        f"{_AFTER_CHECK}",
    ),
    Reason.DEPARTMENT_MISSING: _reason(
        "Avdelingen finnes ikke i PowerOffice.",
        f"Opprett avdelingen i PowerOffice, eller rett department_code i innstillingene. {_AFTER_CHECK}",
    ),
    Reason.EMPLOYEE_MISSING: _reason(
        "Den ansatte finnes ikke i PowerOffice, eller er arkivert der.",
        f"Opprett den ansatte med samme nummer i PowerOffice, eller hent den ansatte fram igjen. {_BY_ITSELF}",
    ),
    Reason.ROUNDING_PRODUCT_MISSING: _reason(
        "Fakturaen trenger et produkt for øreavrunding, og det mangler.",
        f"Opprett et produkt med mva-kode 0 under Produkter, og sett koden i products.rounding. {_AFTER_CHECK}",
    ),
    Reason.VAT_REPORTED_TWICE: _reason(
        "Med dette oppsettet ville mva bli rapportert to ganger, eller ikke i det hele tatt.",
        "Rett salgskontoen og mva-koden på produktet under Produkter og Innstillinger > Kontoplan, eller "
        f"vat_reported_by i innstillingene. {_AFTER_CHECK}",
    ),
    Reason.TOTALS_DIFFER: _reason(
        "Dokumentet i PowerOffice har en annen sum enn kassens.",
        "Sammenlign dem. Slett utkastet i PowerOffice, eller tilbakefør bilaget der, og send på nytt med `posplugin "
        "outbox retry <reference>`; eller rett det der og avslutt med `posplugin outbox discard <reference>`.",
    ),
    Reason.UNBALANCED: _reason(
        "Dagsoppgjøret går ikke i null.",
        "Se differansen og den sannsynlige årsaken i `posplugin settlement preview`. En Z-rapport endres aldri: rett "
        "det som er galt i kassens rapportering, før oppgjøret for hånd i PowerOffice, og avslutt med `posplugin "
        "outbox discard <reference>`.",
    ),
    Reason.SETTLEMENT_MISMATCH: _reason(
        "Z-rapporten og våre fakturaer er ikke enige om hvilke salg som er fakturert.",
        "Se hvilke i `posplugin settlement preview`. Meld det som mangler her, fullført fra kassen én gang til; da går "
        "oppgjøret videre av seg selv ved neste kjøring. Er det kassens Z-rapport som er feil, godta den med "
        '`posplugin settlement accept <reference> --how "…"`.',
    ),
    Reason.PERIOD_LOCKED: _reason(
        "Perioden er låst i PowerOffice.",
        "Be regnskapsføreren åpne perioden. Et dagsoppgjør ser neste kjøring på igjen av seg selv; annet går videre "
        "når `posplugin check` går gjennom, eller straks med `posplugin outbox retry <reference>`. Dagsoppgjør kan i "
        'stedet føres på den første åpne dagen: sett settlement.period_locked til "first_open_day".',
    ),
    Reason.DRAFT_UNCERTAIN: _reason(
        "Dagsoppgjøret ble lagt som kladd i PowerOffice, og ingen vet om kladden kom fram.",
        "Se etter referansen under Bilagsføring (kladd) i PowerOffice. Står den der, avslutt med `posplugin outbox "
        "discard <reference>`; står den ikke der, send på nytt med `posplugin outbox retry <reference>`.",
    ),
    Reason.REFERENCE_IN_USE: _reason(
        "Noe annet i PowerOffice har denne referansen: en ordre på en annen kunde, eller et annet bilag.",
        "Finn det i PowerOffice. Er det riktig, avslutt med `posplugin outbox discard <reference>`; er det feil, slett "
        "eller tilbakefør det der og send på nytt med `posplugin outbox retry <reference>`.",
    ),
    Reason.REFERENCE_BLOCKED: _reason(
        "PowerOffice sier at referansen er brukt, men dokumentet finnes ikke; det kan være slettet.",
        "Se etter dokumentet i PowerOffice. Finnes det ikke, send med ny referanse: `posplugin outbox retry "
        "<reference>`.",
    ),
    Reason.WAITING_FOR_ORIGINAL: _reason(
        "Kreditnotaen venter på fakturaen den gjelder.",
        "Få fakturaen sendt først; kreditnotaen følger av seg selv. Blir den aldri sendt, avslutt kreditnotaen med "
        "`posplugin outbox discard <reference>`.",
    ),
    Reason.REJECTED: _reason("PowerOffice godtok ikke dokumentet.", f"Rett det svaret peker på. {_RETRY}"),
    Reason.CREDENTIALS: _reason(
        "PowerOffice godtar ikke nøklene.",
        "Sjekk nøklene mot Innstillinger > Utvidelser i PowerOffice, og endpoint_mode i innstillingene. "
        f"{_AFTER_CHECK}",
    ),
    Reason.MISSING_PRIVILEGE: _reason(
        "Integrasjonen mangler en rettighet i PowerOffice.",
        f"Gi rettigheten under Innstillinger > Utvidelser, eller be PowerOffice om den. {_AFTER_CHECK}",
    ),
    Reason.ATTEMPTS_EXHAUSTED: _reason(
        "Dokumentet er forsøkt mange ganger uten å lykkes.",
        f"Se forsøkene med `posplugin outbox show <reference>`, og rett årsaken. {_RETRY}",
    ),
    Reason.UNCONFIRMED_SALE: _reason(
        "Kassen har ikke sagt om salget ble fullført.",
        "Finn notaen i kassen. Ble salget fullført, kjør `posplugin outbox retry <reference>`; ellers "
        "`posplugin outbox discard <reference>`.",
    ),
    Reason.CAPTURED_AFTER_VOID: _reason(
        "Kassen angret betalingen, og meldte den siden fullført.",
        "Finn notaen i kassen. Skal den faktureres, kjør `posplugin outbox retry <reference>`; ellers "
        "`posplugin outbox discard <reference>`.",
    ),
    Reason.CONTENT_DAMAGED: _reason(
        "Det lagrede dokumentet er ikke slik det ble skrevet, og blir aldri sendt.",
        "Finn notaen eller Z-rapporten i kassen, lag dokumentet for hånd i PowerOffice, og avslutt med `posplugin "
        "outbox discard <reference>`. Sjekk disken.",
    ),
    Reason.SEND_FAILED: _reason(
        "Fakturaen ligger som utkast i PowerOffice, men kunne ikke sendes til kunden.",
        f"Rett adressen eller leveringsmåten under Kunder. {_RETRY} Sendes den for hånd i PowerOffice, ordner dette "
        "seg selv.",
    ),
    Reason.ATTACHMENT_FAILED: _reason(
        "Dokumentet står i PowerOffice, men PDF-en kunne ikke legges ved.",
        "Prøv igjen med `posplugin outbox retry <reference>`. Skal det være uten, eller er PDF-en lagt ved for hånd, "
        "avslutt med `posplugin outbox discard <reference>`: bare vedlegget droppes.",
    ),
    Reason.GONE: _reason(
        "Dokumentet ble levert, men er siden slettet, slått sammen med et annet eller tilbakeført i PowerOffice.",
        "Skal det dit likevel, lag det på nytt med `posplugin outbox retry <reference>`; ellers avslutt med "
        "`posplugin outbox discard <reference>`.",
    ),
    Reason.CHANGED: _reason(
        "Dokumentet har fått en annen kunde eller andre beløp i PowerOffice etter at det ble levert.",
        "Er endringen riktig, avslutt med `posplugin outbox discard <reference>`. Er den feil, slett, krediter eller "
        "tilbakefør dokumentet i PowerOffice, og lag det på nytt med `posplugin outbox retry <reference>`.",
    ),
    Reason.UNSENT: _reason(
        "Fakturaen ligger fortsatt som utkast i PowerOffice, og skal være sendt innen en måned etter salget.",
        "Send den fra PowerOffice, eller slett utkastet der. Kassen ser det samme natt, eller straks med "
        "`posplugin outbox sync`.",
    ),
    Reason.INTERNAL: _reason(
        "Det oppsto en feil i programmet.",
        f"Ta vare på loggen og `posplugin outbox show <reference>`, og meld fra til leverandøren. {_RETRY}",
    ),
}

TEXTS = Texts(
    language="nb",
    channel_label="Faktura",
    field={
        PaymentField.NOTE: "Notat",
        PaymentField.YOUR_REFERENCE: "Deres referanse",
        PaymentField.ORDER_NUMBER: "Bestillingsnummer",
        PaymentField.PURPOSE: "Formål",
        PaymentField.PARTICIPANTS: "Deltakere",
    },
    refusal=_REFUSALS,
    reason=_REASONS,
    settlement=SETTLEMENT,
    status={
        "authorized": "Lovet, venter på kassen",
        "pending": "Venter på å bli sendt",
        "sending": "Sendes nå",
        "uncertain": "Usikkert om den kom fram",
        "delivered": "Levert til PowerOffice",
        "needs_attention": "Trenger et menneske",
        "cancelled": "Angret i kassen",
        "discarded": "Avsluttet",
        "reversed": "Tilbakeført",
    },
    stage={
        "draft": "utkast",
        "confirmed": "bekreftet",
        "sending": "sendes",
        "sent": "sendt",
        "posted": "bokført",
        "send_failed": "ikke sendt",
        "paid": "betalt",
        "gone": "borte",
        "changed": "endret",
    },
    invoice_number="faktura {number}",
    receipt=ReceiptText(
        title="Utleveringskvittering – faktureres senere",
        credit_title="Kreditnota følger",
        not_a_sales_receipt="Dette er ikke en salgskvittering",
        receipt="Nota",
        customer="Kunde",
        to_invoice="Beløp som faktureres",
        to_credit="Beløp som krediteres",
        vat="Herav mva {rate} %",
        fee="Herav fakturagebyr",
        fee_vat="Mva i fakturagebyret",
        tip="Herav tips",
        paid_otherwise="Betalt på annen måte",
    ),
    paper=PaperText(
        date="Dato",
        till="Kasse",
        original="Gjelder nota",
        item="Vare",
        quantity="Antall",
        vat="Mva",
        amount="Beløp",
        share="Andel",
        goods="Sum varer",
        vat_table="Merverdiavgift i varene",
        rate="Sats",
        basis="Grunnlag",
        with_vat="Med mva",
        page="Side {page} av {pages}",
    ),
    channel=ChannelText(
        ok="Alt er levert til PowerOffice.",
        waiting="{count} venter på å bli sendt. Neste kjøring: {when}.",
        by_hand="når noen sender for hånd",
        attention="Trenger hjelp av den som drifter kassen: {count}.",
        customers_too_old="Kundelisten er {days} dager gammel; nye kunder mangler.",
        customers_never_fetched="Kundelisten er ikke hentet ennå. Kjør `posplugin customers sync`.",
        never_checked="Oppsettet er ikke sjekket, så ingenting sendes ennå. Kjør `posplugin check`.",
        settings_unreadable="Innstillingene i {path} kan ikke leses, så ingenting sendes. Salgene er lagret og går "
        "ikke tapt. Kjør `posplugin check`.",
        sending_stopped="Salgene er lagret og går ikke tapt, men sendingen har stoppet: {reason}",
        taken_back="Dagsoppgjør som er tilbakeført og ikke ført på nytt: {names}. Skal det føres på nytt, kjør "
        "`posplugin outbox retry {code}`; er det ordnet på en annen måte, kjør `posplugin outbox discard {code}`.",
        off_and_waiting="Dagsoppgjør er slått av, så disse blir ikke ført på nytt: {names}. Slå det på igjen i "
        "innstillingene (settlement.enabled); er det ordnet på en annen måte, kjør `posplugin outbox discard {code}`.",
        overdue="Det eldste som venter, er fra {date}, og skulle vært sendt. Kjør `posplugin send`.",
        unsent="Utkast i PowerOffice som er eldre enn {days} dager: {count}. Be regnskapsføreren sende dem.",
        drafts="Dagsoppgjør som har ligget som kladd i PowerOffice i over {days} dager: {count}. Be regnskapsføreren "
        "se over og føre dem.",
        z_refused="{z} ble ikke tatt imot: det finnes en Z-rapport med det nummeret fra før, med andre tall. Denne "
        "føres ikke. Be kasseleverandøren gi den et nytt nummer, eller før dagen for hånd i PowerOffice.",
        unfinished="Levert, men ikke sendt eller uten vedlegg ennå: {count}. Se `posplugin outbox list`.",
        not_stored="Ingenting kan lagres, så gjestene må betale på en annen måte: {words}. Kjør `posplugin check`.",
        little_room="Disken er nesten full: {words}.",
        unfollowed="Det er ikke sett etter siden {date} hva som er sendt og betalt. Kjør `posplugin outbox sync`.",
    ),
    warning=WarningText(
        customers_too_old="Kundelisten er {days} dager gammel. Sjekk at kunden er riktig.",
        fee_added="Et fakturagebyr på {amount} kr kommer i tillegg.",
        credit_limit="{customer} har en kredittgrense på {limit} kr, og {amount} kr er nå utestående.",
    ),
    invoice=InvoiceText(
        serving="Servering i henhold til nota {receipt}, {rate} %",
        service_charge="Serveringsgebyr i henhold til nota {receipt}, {rate} %",
        deposit="Pant",
        gift_card="Gavekort",
        several="{quantity} x {item}",
        share="Andel av {item}",
        tip="Tips",
        fee="Fakturagebyr",
        rounding="Øreavrunding",
        receipt="Nota {receipt}, {date}",
        returned="Gjelder retur av nota {receipt}, {date}",
        vat_basis="Grunnlag {rate} % mva: {base}, mva: {vat}",
        paid_otherwise="Betalt på annen måte: {amount}",
        your_reference="Deres referanse: {reference}",
        order_number="Bestillingsnummer: {number}",
        purpose="Formål: {purpose}",
        participants="Deltakere: {participants}",
    ),
)
