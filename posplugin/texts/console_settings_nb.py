"""The console's page of the settings, in bokmål."""

from __future__ import annotations

from posplugin.texts.console_problems_nb import PROBLEMS
from posplugin.texts.console_setting_names_nb import COLUMNS, OPTIONS, SETTING_NAMES
from posplugin.texts.console_settings import SectionText, SettingsText

_SECTIONS = {
    "poweroffice": SectionText(
        "PowerOffice GO", "Nøklene. Resten kommer i samme rekkefølge som i veiledningene for kassene."
    ),
    "invoicing": SectionText("Fakturering", "Hva som skjer med et salg som betales med Faktura."),
    "products": SectionText(
        "Produkter og gebyr", "Fakturaen skrives på disse produktene. Kodene står i kolonnen Kode i PowerOffice."
    ),
    "mode": SectionText("Miljø", "Hvilket PowerOffice det sendes til. Lagre og test når alt over er fylt ut."),
    "departments": SectionText("Avdelinger", "En avdeling er et utsalgssted med egen klientnøkkel."),
    "ledger": SectionText("Kontoplan", "Kontoer og mva-koder for dagsoppgjøret. Spør regnskapsføreren."),
    "settlement": SectionText("Dagsoppgjør", "Om og hvordan Z-rapporten føres."),
    "schedule": SectionText("Tidsplan", "Når det sendes. Velg et klokkeslett etter stengetid."),
    "terminal": SectionText("Kassen", "Kassen som denne filen er for."),
    "saft": SectionText("SAF-T Kassasystem", "Hvordan filer fra SAF-T Kassasystem leses."),
}

SETTINGS = SettingsText(
    heading="Innstillinger",
    file="Innstillingene står i {path}. Kommentarer i filen blir stående.",
    sections="Deler av innstillingene",
    section=_SECTIONS,
    setting=SETTING_NAMES,
    option=OPTIONS,
    column=COLUMNS,
    more="Flere innstillinger",
    default="Standard: {value}",
    is_set="Satt",
    not_set="Ikke satt",
    from_environment="Kommer fra {variable} i miljøet, og endres der.",
    key_stays="Vises aldri. Et tomt felt lar nøkkelen stå.",
    key_needed="Lim inn nøkkelen. Den vises aldri igjen.",
    take_out="Ta bort denne nøkkelen",
    only_in_file="Endres bare i filen.",
    add_row="Legg til linje",
    row="linje {number}",
    remove_row="Ta bort linje {number}",
    default_ledger="Standard kontoplan (Default ledger)",
    own_ledger="Egne konti for {name}",
    own_ledger_intro="Bare det som avviker fra standard kontoplan.",
    other_times="Andre tider",
    own_times="Tider for dagsoppgjøret",
    fee="Fakturagebyr",
    new_department="Ny avdeling",
    new_name="Navn",
    save="Lagre",
    save_and_test="Lagre og test",
    unsaved="Endringene er ikke lagret.",
    saved="Lagret.",
    saved_nothing="Ingenting var endret, så filen er som den var.",
    waits_for_check="Automatisk sending venter til «Sjekk hele oppsettet» er i orden for disse innstillingene.",
    at_next_start="Sendingen bruker dem fra neste kjøring, kassen når den startes på nytt.",
    changed_since="Noen andre har endret filen etter at siden ble åpnet, så ingenting er lagret. Under står filen som "
    "den er nå; gjør endringene på nytt.",
    not_saved="Ingenting er lagret. Dette må rettes ({count}):",
    broken="Filen er ikke i orden, og det som gjaldt før, gjelder fortsatt. Dette må rettes ({count}):",
    keys_again="Nøkler som ble skrevet inn, må skrives inn på nytt; de vises aldri.",
    unreadable="Filen kan ikke vises her før dette er rettet i filen:",
    test="Test forbindelsen",
    test_hint="Prøver adressen og nøklene som er lagret. Det tar et øyeblikk, og ingenting endres.",
    connection="Er oppsettet i orden?",
    connection_ok="Forbindelse OK: {client} (klient {id})",
    check="Sjekk hele oppsettet",
    check_hint="Ser på alt: rettigheter, produkter, konti, mva-koder, kunder og priser.",
    check_heading="Sjekk av oppsettet",
    check_intro="Alt som fakturaer og dagsoppgjør trenger, blir sett på, her og i PowerOffice. Når alt er i orden, kan "
    "automatisk sending begynne, og det som ble holdt tilbake for oppsettets skyld, går videre.",
    check_draft="For å måle om PowerOffice tar priser med eller uten mva, lages et fakturautkast på 100,00 kr, som "
    "slettes igjen med en gang.",
    no_draft="Uten utkast; en tidligere måling får gjelde",
    check_now="Sjekk nå",
    checked_at="Sjekket {when}.",
    never_checked="Ikke sjekket herfra siden konsollen startet.",
    checking_now="En sjekk er i gang allerede. Vent til den er ferdig.",
    faults="Må rettes",
    fault="Feil {number}",
    remedy="Hva du gjør",
    all_else="I orden",
    back="Til innstillingene",
    problems=PROBLEMS,
)
