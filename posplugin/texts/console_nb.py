"""The console, in bokmål."""

from __future__ import annotations

from posplugin.texts.console import ConsoleText, Fault, FaultsText
from posplugin.texts.console_customers_nb import CUSTOMERS
from posplugin.texts.console_queue_nb import QUEUE
from posplugin.texts.console_record_nb import RECORD
from posplugin.texts.console_runs_nb import RUNS
from posplugin.texts.console_settings_nb import SETTINGS
from posplugin.texts.console_settlements_nb import SETTLEMENTS

_FAULTS = FaultsText(
    not_inside=Fault(
        title="Du er ikke logget inn",
        sentence="Konsollen åpnes med lenken som `posplugin console` skriver ut på denne maskinen. Hver lenke virker "
        "én gang, og innen en time. Er den brukt, eller er du logget ut fordi det har gått en time: trykk Enter der "
        "konsollen kjører, eller start `posplugin console` på nytt, og åpne den nye lenken.",
    ),
    wrong_host=Fault(
        title="Feil adresse",
        sentence="Konsollen svarer bare på http://127.0.0.1 og http://localhost med sin egen port. Bruk lenken som "
        "`posplugin console` skriver ut.",
    ),
    from_elsewhere=Fault(
        title="Avvist",
        sentence="Endringen kom ikke fra en av konsollens egne sider, så ingenting er gjort. Åpne siden på nytt og "
        "prøv derfra.",
    ),
    not_found=Fault(
        title="Siden finnes ikke",
        sentence="Det er ingenting på denne adressen. Gå til køen og finn det derfra.",
    ),
    not_understood=Fault(
        title="Forespørselen var ikke til å forstå",
        sentence="Noe i adressen eller skjemaet er feil. Gå tilbake og prøv på nytt.",
    ),
    too_large=Fault(
        title="For mye på en gang",
        sentence="Det er plass til 1 MB i et skjema. Ingenting er lagret; skriv kortere.",
    ),
    refused=Fault(
        title="Det gikk ikke",
        sentence="Ingenting er endret. Årsaken står under.",
    ),
    outbox_busy=Fault(
        title="Køen svarer ikke",
        sentence="Filen med køen er opptatt eller kan ikke leses akkurat nå. Vent litt og last siden på nytt.",
    ),
    crashed=Fault(
        title="Det oppsto en feil i programmet",
        sentence="Feilen er skrevet i loggen der konsollen kjører. Ingenting er sendt. Gå til køen og prøv på nytt, og "
        "meld fra til leverandøren hvis det skjer igjen.",
    ),
)

CONSOLE = ConsoleText(
    title="posplugin-konsoll",
    runs_here="Konsollen for {terminal} kjører. Denne lenken slipper inn én nettleser, én gang:",
    another_link="Enter gir en ny lenke.",
    ctrl_c="Ctrl-C avslutter konsollen.",
    ended="Konsollen er avsluttet.",
    skip="Hopp til innholdet",
    navigation="Sider",
    page={
        "queue": "Kø",
        "runs": "Kjøringer",
        "settlements": "Dagsoppgjør",
        "customers": "Kunder",
        "settings": "Innstillinger",
    },
    light={"green": "Grønt", "yellow": "Gult", "red": "Rødt"},
    tone={"green": "Levert", "yellow": "Venter", "red": "Ikke sendt", "grey": "Avsluttet"},
    more="{count} til",
    language="Språk",
    change="Bytt",
    leave="Logg ut",
    entered="Du er inne",
    go_on="Gå til køen",
    left_title="Du er logget ut",
    left="Trykk Enter der konsollen kjører for å få en ny lenke.",
    detail="Svaret lød:",
    refused="Det gikk ikke, og ingenting er endret.",
    yes="Ja",
    no="Nei",
    nothing="Ingenting",
    fault=_FAULTS,
    queue=QUEUE,
    record=RECORD,
    runs=RUNS,
    settlements=SETTLEMENTS,
    customers=CUSTOMERS,
    settings=SETTINGS,
)
