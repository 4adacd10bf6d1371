"""What each setting is called in bokmål, with the terms of the tills' manuals."""

from __future__ import annotations

from posplugin.texts.console_settings import SettingText

_named = SettingText
_DAYS = {
    "mon": "mandag",
    "tue": "tirsdag",
    "wed": "onsdag",
    "thu": "torsdag",
    "fri": "fredag",
    "sat": "lørdag",
    "sun": "søndag",
}

SETTING_NAMES = {
    # -- PowerOffice GO
    "departments.NAME.client_key": _named(
        "Klientnøkkel",
        "Fra PowerOffice GO: Innstillinger > Utvidelser. PowerOffice viser den bare én gang.",
        "Client key",
    ),
    "poweroffice.application_key": _named(
        "Applikasjonsnøkkel", "Kassesystemets nøkkel, fra PowerOffice.", "Application key"
    ),
    "poweroffice.subscription_key": _named("Abonnementsnøkkel", "Fra PowerOffices utviklerportal.", "Subscription key"),
    "poweroffice.endpoint_mode": _named(
        "Miljø", "«Test» er PowerOffices demo. Nøkler fra ett miljø virker ikke i et annet.", "End point mode"
    ),
    "poweroffice.simulator_url": _named("Simulatorens adresse", "Bare med «Simulator», og bare på denne maskinen."),
    "poweroffice.settle_time": _named(
        "Ventetid etter et tapt svar", "Så lenge kan det som er sendt, være usynlig i PowerOffice."
    ),
    "poweroffice.customers_max_age": _named("Kunderegisterets høyeste alder", "Er det eldre, advarer kassen."),
    "poweroffice.terminals": _named(
        "Kasser som deler abonnementsnøkkelen",
        "Sammen kan de spørre PowerOffice ti ganger i sekundet. Samme tall i alle.",
    ),
    # -- invoicing
    "invoicing.enabled": _named("Kassen tar imot Faktura", None, "Invoice"),
    "invoicing.enabled_since": _named(
        "Faktureres fra og med",
        "Salg fra tidligere driftsdøgn avvises. Kan ligge tilbake i tid. Kan ikke endres etter at noe er levert.",
        "Enabled since",
    ),
    "invoicing.send_amount_excluding_vat": _named(
        "Send beløp uten mva",
        "Avhenger av fakturaoppsettet i PowerOffice. «Sjekk hele oppsettet» måler det.",
        "Send amount excluding VAT",
    ),
    "invoicing.vat_reported_by": _named(
        "Mva. rapporteres av",
        "Mva. skal rapporteres bare én gang. Avtal det med regnskapsføreren.",
    ),
    "invoicing.delivery": _named("Så langt går fakturaen av seg selv"),
    "invoicing.lines": _named("Fakturalinjer"),
    "invoicing.tips_on_invoice": _named("Tips kan gis på Faktura"),
    "invoicing.require_reference": _named("Krev referanse eller bestillingsnummer", "EHF krever det."),
    "invoicing.credit_limit": _named("Over kredittgrensen"),
    "invoicing.default_credit_limit": _named(
        "Kredittgrense, kroner", "For kunder som ikke har sin egen. Tomt: ingen grense."
    ),
    "invoicing.attach_receipt": _named(
        "Legg ved utleveringskvitteringen som PDF", "Krever at posplugin[pdf] er installert."
    ),
    "invoicing.include_employee_number": _named(
        "Ta med ansattnummer", "Kassens ansattnummer blir selger. Et ukjent nummer holder fakturaen tilbake."
    ),
    "invoicing.create_missing_products": _named("Opprett produkter som mangler", "Krever én linje per vare."),
    "invoicing.product_prefix": _named("Varenes produktkoder begynner med", "Bare med én linje per vare."),
    "invoicing.allow_vat_in_text": _named(
        "Kunder med EHF kan få mva i tekstlinjer", "Bare når dagsoppgjøret rapporterer mva."
    ),
    # -- products and fee
    "departments.NAME.products.vat_0": _named("Salg 0\u00a0% mva", None, "Invoice sale productid 0\u00a0% VAT"),
    "departments.NAME.products.vat_12": _named("Salg 12\u00a0% mva", None, "Invoice sale productid 12\u00a0% VAT"),
    "departments.NAME.products.vat_15": _named("Salg 15\u00a0% mva", None, "Invoice sale productid 15\u00a0% VAT"),
    "departments.NAME.products.vat_25": _named("Salg 25\u00a0% mva", None, "Invoice sale productid 25\u00a0% VAT"),
    "departments.NAME.products.gratuity": _named("Tips", None, "Invoice gratuity productid"),
    "departments.NAME.products.fee": _named("Fakturagebyr", None, "Invoice fee productid"),
    "departments.NAME.products.rounding": _named("Avrunding", None, "Invoice rounding productid"),
    "departments.NAME.products.gift_card": _named("Gavekort", None, "Invoice gift card productid"),
    "invoicing.invoice_fee": _named("Legg til fakturagebyr", None, "Invoice fee"),
    "invoicing.invoice_fee_amount": _named(
        "Fakturagebyr, kroner med mva", "Tomt: gebyrproduktets egen pris i PowerOffice.", "Invoice fee amount"
    ),
    # -- departments
    "departments.NAME.department_code": _named(
        "Avdelingskode", "Avdelingens kode i PowerOffice. Tomt: ingen avdeling på dokumentene."
    ),
    "departments.NAME.application_key": _named(
        "Egen applikasjonsnøkkel", "Bare der avdelingen har sin egen.", "Application key"
    ),
    # -- the ledger
    "ledger.sales": _named(
        "Salg", "Varegruppe: kassens egen id, en SAF-T-kode, eller * for alle andre. Take away kjennes på mva-satsen."
    ),
    "ledger.tenders": _named(
        "Betalingsmåter", "SAF-T-kode (12001 kontant, 12002 debetkort, 12003 kredittkort) eller kassens eget navn."
    ),
    "ledger.movements": _named(
        "Kontantbevegelser", "Uttak (11010), innskudd (11011) eller kassens eget navn, og kontoen det føres mot."
    ),
    "ledger.gratuity": _named("Tips", "Skyldig de ansatte."),
    "ledger.gift_card": _named("Gavekort", "Solgt og ikke brukt."),
    "ledger.rounding": _named("Øreavrunding"),
    "ledger.cash_difference": _named("Kassedifferanse"),
    "ledger.invoice_clearing": _named(
        "Faktura kasse (19xx)", "Der det fakturerte står til det er sendt. Bare når dagsoppgjøret rapporterer mva."
    ),
    # -- settlements
    "settlement.enabled": _named("Før dagsoppgjør"),
    "settlement.posting": _named("Slik føres det"),
    "settlement.after_invoices": _named("Vent på dagens fakturaer", "På dem som ennå er underveis."),
    "settlement.period_locked": _named("Når perioden er låst"),
    "settlement.attach_z_report": _named(
        "Legg Z-rapporten på bilaget som PDF", "Krever at posplugin[pdf] er installert."
    ),
    "settlement.schedule": _named("Egne tider for dagsoppgjøret", "Ellers sendes det sammen med fakturaene."),
    # -- the schedule
    "schedule.automatic": _named(
        "Send automatisk", "Begynner når «Sjekk hele oppsettet» er i orden.", "Create reporting schedule"
    ),
    "schedule.runs_in": _named("Sendingen går i", "Tjenesten er «posplugin service»."),
    "schedule.frequency": _named("Hvor ofte"),
    "schedule.weekday": _named("Ukedag", "Bare ukentlig."),
    "schedule.day": _named("Dag i måneden", "Bare månedlig, 1 til 28."),
    "schedule.time": _named("Klokkeslett", "Etter stengetid, og ikke mellom 02:00 og 02:59."),
    "schedule.times": _named("Andre tider", "Bare daglig: et annet klokkeslett på en ukedag."),
    "schedule.window": _named("Så lenge prøves det på nytt", "Det som kan prøves senere, i samme kjøring."),
    # -- the terminal
    "terminal.id": _named("Terminal-id", "Den samme som kassen selv har; ellers starter ikke tillegget."),
    "terminal.department": _named("Avdeling", "Den som kassen selger for."),
    "terminal.language": _named("Språk", "På kassen, papirene og fakturaene, og her."),
    "terminal.timezone": _named("Tidssone"),
    "terminal.business_day_starts": _named("Driftsdøgnet begynner", "Salg før dette hører til dagen før."),
    "terminal.saft_source_id": _named("SystemID i SAF-T", "Kassens egen, høyst 35 tegn."),
    "outbox.path": _named("Køens fil", "Stopp kassen og flytt filen først."),
    # -- SAF-T
    "saft.customer_numbers": _named("Kundenumrene i filen er"),
    "saft.codes": _named("Koder", "Hva filens egne koder betyr, der den ikke sier det selv."),
    "saft.invoice_payments": _named("Betalinger som er Faktura", "Filens egne betalings-id-er, ved siden av 12006."),
    "saft.line_kinds": _named("Varegrupper som ikke er varer", "Filens egne varegrupper."),
    "saft.registers": _named("Kasser i filen", "Hvilken terminal hver kasse er, der filen har flere."),
}

_FREQUENCY = {"daily": "Daglig", "weekly": "Ukentlig", "monthly": "Månedlig"}

OPTIONS = {
    "poweroffice.endpoint_mode": {"simulator": "Simulator", "test": "Test (demo)", "production": "Produksjon"},
    "invoicing.vat_reported_by": {"invoice": "Fakturaen", "settlement": "Dagsoppgjøret"},
    "invoicing.delivery": {
        "draft": "Utkast, som noen sender",
        "confirmed": "Bekreftet, som noen sender",
        "send": "Sendes til kunden",
    },
    "invoicing.lines": {"per_vat_rate": "Én linje per mva-sats", "per_item": "Én linje per vare"},
    "invoicing.require_reference": {"ehf": "Av kunder med EHF", "companies": "Av alle firmaer", "never": "Aldri"},
    "invoicing.credit_limit": {"warn": "Kassen advarer", "block": "Kassen avviser", "off": "Ingen kontroll"},
    "settlement.enabled": {"": "For avdelinger med kontoplan", "true": "Ja, for alle avdelinger", "false": "Nei"},
    "settlement.posting": {"post": "Føres med en gang", "draft": "Kladd, som noen ser over"},
    "settlement.period_locked": {
        "attention": "Vent på et menneske",
        "first_open_day": "Før på første åpne dag",
    },
    "schedule.runs_in": {"till": "Kassen", "service": "Tjenesten"},
    "schedule.frequency": _FREQUENCY,
    "schedule.weekday": {"": "Velg", **_DAYS},
    "schedule.times": _DAYS,
    "terminal.language": {"nb": "Norsk bokmål", "en": "Engelsk"},
    "saft.customer_numbers": {"linked": "Kassens egne, koblet til kunder", "poweroffice": "PowerOffices kundenumre"},
    "saft.line_kinds": {
        "": "Velg",
        "goods": "Varer",
        "gift_card": "Gavekort",
        "service_charge": "Serveringsavgift",
        "deposit": "Depositum",
    },
}

_ACCOUNT = "Konto"

COLUMNS = {
    "ledger.sales": {"article_group": "Varegruppe", "vat": "Mva. %", "account": _ACCOUNT, "vat_code": "Mva-kode"},
    "ledger.tenders": {"key": "Betalingsmåte", "value": _ACCOUNT},
    "ledger.movements": {"key": "Bevegelse", "value": _ACCOUNT},
    "saft.codes": {"key": "Kode i filen", "value": "SAF-T-kode"},
    "saft.invoice_payments": {"value": "Betalings-id"},
    "saft.line_kinds": {"key": "Varegruppe", "value": "Er"},
    "saft.registers": {"key": "Kasse-id", "terminal": "Terminal", "department": "Avdeling"},
}
