"""What is said of the outbox's file and of the disk under it, English → bokmål."""

from __future__ import annotations

NB = {
    "the outbox {path} cannot be written, since the disk is full ({error}); make room on it": (
        "utboksen {path} kan ikke skrives, for disken er full ({error}); rydd på den"
    ),
    "the outbox {path} may not be written ({error}); see who owns the file and its folder, and whether the disk is "
    "mounted read-only": (
        "utboksen {path} er skrivebeskyttet ({error}); se hvem som eier filen og mappen, og om disken er montert som "
        "bare lesbar"
    ),
    "the disk under the outbox {path} fails ({error}); take a backup, and look at the disk": (
        "disken under utboksen {path} svikter ({error}); ta en sikkerhetskopi, og sjekk disken"
    ),
    "the outbox {path} is damaged ({error}); keep the file, and put the newest backup in its place": (
        "utboksen {path} er skadet ({error}); ta vare på filen, og legg den nyeste sikkerhetskopien på plassen dens"
    ),
    "the outbox {path} is busy ({error}); another process has it, try again": (
        "utboksen {path} er opptatt ({error}); et annet program bruker den, prøv igjen"
    ),
    "the outbox {path} has been busy for {seconds} seconds; try again": (
        "utboksen {path} har vært opptatt i {seconds} sekunder; prøv igjen"
    ),
    "the outbox {path} refused: {error}": "utboksen {path} svarte med en feil: {error}",
    "the outbox {path} cannot be opened: {error}": "utboksen {path} kan ikke åpnes: {error}",
    "the outbox {path} has been closed": "utboksen {path} er lukket",
    "the disk under the outbox {path} has {megabytes} MB left; make room on it before nothing can be stored": (
        "disken under utboksen {path} har {megabytes} MB igjen; rydd på den før ingenting kan lagres"
    ),
    "{path} could not be written ({error}); nothing of it has been left there": (
        "{path} kunne ikke skrives ({error}); ingenting er lagt igjen der"
    ),
    "the outbox {path} has been taken away or replaced while it was open; nothing more is stored in it, start this "
    "program again": (
        "utboksen {path} er fjernet eller byttet ut mens den var åpen; ingenting mer lagres i den, start dette "
        "programmet på nytt"
    ),
    "{log}, which holds the newest commits of the outbox, has been taken away or replaced while it was open; nothing "
    "more is stored, start this program again": (
        "{log}, som har det nyeste i utboksen, er fjernet eller byttet ut mens den var åpen; ingenting mer lagres, "
        "start dette programmet på nytt"
    ),
    "{log}, which held the newest commits of the outbox, is missing: put it back. If it is lost, compare the till's "
    "journal with a backup, delete {index}, and start again with what is left": (
        "{log}, som hadde det nyeste i utboksen, mangler: legg den tilbake. Er den tapt, sammenlign kassens journal "
        "med en sikkerhetskopi, slett {index}, og start på nytt med det som er igjen"
    ),
    "the outbox {path} has been brought up to date by a newer posplugin while it was open; start this program again": (
        "utboksen {path} er oppdatert av en nyere posplugin mens den var åpen; start dette programmet på nytt"
    ),
    "the outbox {path} has to be brought up to date (schema {schema}, this posplugin writes {known}), and another "
    "process has it open; stop the till, the service and the console, and start them again": (
        "utboksen {path} må oppdateres (skjema {schema}, denne posplugin skriver {known}), og et annet program har den "
        "åpen; stopp kassen, tjenesten og konsollen, og start dem igjen"
    ),
    "the outbox {path} was written by a newer posplugin (schema {schema}, this one knows {known}); install the newer "
    "version again, nothing has been changed": (
        "utboksen {path} er skrevet av en nyere posplugin (skjema {schema}, denne kjenner {known}); installer den "
        "nyere versjonen igjen, ingenting er endret"
    ),
    "{path} is another program's file, and no outbox; give the outbox a file of its own in outbox.path": (
        "{path} er et annet programs fil, og ingen utboks; gi utboksen en egen fil i outbox.path"
    ),
    "the outbox {path} is terminal {owner}'s, and this is {terminal}: give each terminal a file of its own in "
    "outbox.path; if {owner} has been renamed to {terminal}, run `posplugin outbox take-over`": (
        "utboksen {path} tilhører kassen {owner}, og denne er {terminal}: gi hver kasse sin egen fil i outbox.path; "
        "heter {owner} nå {terminal}, kjør `posplugin outbox take-over`"
    ),
    "the outbox {path} has {name}={found}, not {wanted}; is it a local disk?": (
        "utboksen {path} har {name}={found}, ikke {wanted}; er det en lokal disk?"
    ),
}
