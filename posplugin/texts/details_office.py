"""What our programs write of the outbox, the settings and PowerOffice's answers, English → bokmål: see `details`."""

from __future__ import annotations

from posplugin.texts.settlement_details import AMOUNT

RULES = (
    # the simulator
    (
        r"the simulator does not answer at (\S+); start it with (`[^`]+`)",
        r"simulatoren svarer ikke på \1; start den med \2",
    ),
    # the way there
    (
        r"the name (\S+) cannot be looked up \(([^)]*)\); is this machine on the network\?",
        r"navnet \1 kan ikke slås opp (\2); er maskinen på nett?",
    ),
    (
        (
            r"the certificate of (\S+) is not accepted \((.*)\), and nothing was sent; is this machine's clock right, "
            r"and does nothing stand in between, such as a firewall that opens TLS\?"
        ),
        (
            r"sertifikatet til \1 godtas ikke (\2), og ingenting ble sendt; går maskinens klokke riktig, og står "
            r"det noe imellom, som en brannmur som åpner TLS?"
        ),
    ),
    # products and departments there
    (
        (
            r'^sold while invoicing\.vat_reported_by was "(\w+)", and the products in the settings are for "(\w+)": '
            "set it and them back until this has been sent"
        ),
        (
            r"solgt mens invoicing.vat_reported_by var «\1», og produktene i innstillingene er for «\2»: sett det "
            "og dem tilbake til dette er sendt"
        ),
    ),
    (
        r"^no product is set for (\S+) \((\S+)\)",
        r"det er ikke satt noe produkt for \1 (\2)",
    ),
    (r"^product code (\S+) \((\S+) of (\S+)\) exists (\d+) times", r"produktkoden \1 (\2 for \3) finnes \4 ganger"),
    (r"^product (\S+) \((\S+) of (\S+)\) does not exist", r"produkt \1 (\2 for \3) finnes ikke"),
    (r"^product (\S+) \((\S+) of (\S+)\) is archived", r"produkt \1 (\2 for \3) er arkivert"),
    (r"^product (\S+) is archived", r"produkt \1 er arkivert"),
    (r"^product (\S+) \((\S+) of (\S+)\) has no id to use", r"produkt \1 (\2 for \3) har ingen id som kan brukes"),
    (r"^product (\S+) has no id to use", r"produkt \1 har ingen id som kan brukes"),
    (r"^department (\S+) \((\S+)\) has no id to use", r"avdeling \1 (\2) har ingen id som kan brukes"),
    (r"PowerOffice's price of product (\S+) cannot be understood", r"PowerOffices pris på produkt \1 kan ikke forstås"),
    (r"^product (\S+) could not be made: ", r"produkt \1 kunne ikke lages: "),
    (
        r"^product (\S+) has no sales account of its own, so that its VAT is not certain",
        r"produkt \1 har ingen egen salgskonto, så mva-en er ikke sikker",
    ),
    (
        (
            r"^product (\S+) posts to (\S+) \(VAT code (\S+)\), but product (\S+), which the settings name, posts to "
            r"(\S+) \(VAT code (\S+)\)"
        ),
        r"produkt \1 føres på \2 (mva-kode \3), men produkt \4, som innstillingene nevner, føres på \5 (mva-kode \6)",
    ),
    (r"mva-kode unknown\)", "mva-kode ukjent)"),
    (
        r"^department (\S+) \((\S+)\) is not among the active departments",
        r"avdeling \1 (\2) er ikke blant de aktive avdelingene",
    ),
    # what PowerOffice answers, or does not
    ("PowerOffice does not accept the keys: ", "PowerOffice godtar ikke nøklene: "),
    ("no such address at PowerOffice: ", "ingen slik adresse hos PowerOffice: "),
    ("the request could not be made: ", "forespørselen kunne ikke lages: "),
    (r"^(\d+) without a word, to ", r"\1 uten et ord, til "),
    (r"no whole answer within (\S+) seconds", r"ikke noe helt svar innen \1 sekunder"),
    ("the answer cannot be read", "svaret kan ikke leses"),
    (r"^(\S+): the answer is no list of documents", r"\1: svaret er ingen liste av dokumenter"),
    (r"the answer is larger than (\d+) MB", r"svaret er større enn \1 MB"),
    (
        r"^keys are sent to PowerOffice GO alone, and not to (\S+)",
        r"nøkler sendes bare til PowerOffice GO, og ikke til \1",
    ),
    (
        "the proxy in HTTPS_PROXY or ALL_PROXY, or in the system's settings, cannot be used; it is written as http://",
        "mellomtjeneren (proxy) i HTTPS_PROXY, i ALL_PROXY eller i systemet kan ikke brukes; den skrives slik: http://",
    ),
    ("stopped before it was sent", "stoppet før det ble sendt"),
    (
        "the order was accepted, but the answer cannot be understood",
        "ordren ble godtatt, men svaret kan ikke forstås",
    ),
    (
        "the journal was accepted, but the answer cannot be understood",
        "bilaget ble godtatt, men svaret kan ikke forstås",
    ),
    (
        "the trial draft was accepted, but the answer cannot be understood",
        "prøveutkastet ble godtatt, men svaret kan ikke forstås",
    ),
    ("the answer cannot be understood", "svaret kan ikke forstås"),
    ("the order cannot be understood", "ordren kan ikke forstås"),
    ("the sent state cannot be understood", "om den er sendt, kan ikke forstås"),
    ("the list of files cannot be understood", "listen over filer kan ikke forstås"),
    ("PowerOffice's answer cannot be understood", "svaret fra PowerOffice kan ikke forstås"),
    ("PowerOffice's list of documents cannot be understood", "PowerOffices dokumentliste kan ikke forstås"),
    (
        "PowerOffice's list of open documents cannot be understood",
        "PowerOffices liste over åpne poster kan ikke forstås",
    ),
    ("PowerOffice's list of transactions cannot be understood", "PowerOffices liste over posteringer kan ikke forstås"),
    ("PowerOffice's list of drafts cannot be understood", "PowerOffices liste over kladder kan ikke forstås"),
    ("PowerOffice's list of reversals cannot be understood", "PowerOffices liste over tilbakeførte kan ikke forstås"),
    ("PowerOffice's chart of accounts cannot be understood", "PowerOffices kontoplan kan ikke forstås"),
    (r"PowerOffice's (\S+) cannot be understood", r"PowerOffices \1 kan ikke forstås"),
    (r"(\S+) is not a whole number of øre", r"\1 er ikke et helt antall øre"),
    (r"^order (\d+), total (\d+) øre$", r"ordre \1, sum \2 øre"),
    (r"^order (\d+), total (.+)$", r"ordre \1, sum \2"),
    (r"^voucher (\S+)$", r"bilag \1"),
    # what stands there, and what was done with it
    (
        r"^order (\d+) of an earlier try stands there still: delete it, or let this record go",
        r"ordre \1 fra et tidligere forsøk står der fortsatt: slett den, eller avslutt denne",
    ),
    (r"^order (\d+) carries the reference (\S+), not (\S+)", r"ordre \1 har referansen \2, ikke \3"),
    (r"\(none\)", "(ingen)"),
    ("the draft has been deleted again", "utkastet er slettet igjen"),
    (
        r"the draft could not be deleted \((.+)\): delete it in PowerOffice",
        r"utkastet kunne ikke slettes (\1): slett det i PowerOffice",
    ),
    ("somebody may have changed it there", "noen kan ha endret den der"),
    ("it is draft already, and stays there", "den er et utkast allerede, og blir stående"),
    ("it is confirmed already, and stays there", "den er bekreftet allerede, og blir stående"),
    (r"it is (\w+) already, and stays there", "den er sendt allerede, og blir stående"),
    (
        r"^several orders carry the reference (\S+): delete all but one in the accounting system",
        r"flere ordrer har referansen \1: slett alle unntatt én i PowerOffice",
    ),
    (
        "^the accounting system says that the reference is in use, but has no document of that reference",
        "PowerOffice sier at referansen er brukt, men har ikke noe dokument med den",
    ),
    ("the draft is not to be found (yet)".replace("(", r"\(").replace(")", r"\)"), "utkastet er ikke å finne (ennå)"),
    ("^no longer in the settings", "ikke lenger i innstillingene"),
    ("; it is looked for once more$", "; det blir sett etter én gang til"),
    (
        (
            r"^the documents were delivered to client (\S+), and the client key of (\S+) leads to client (\S+) now: "
            "where they stand cannot be asked with it"
        ),
        (
            r"dokumentene ble levert til klient \1, og klientnøkkelen til \2 fører til klient \3 nå: hvor de står, kan "
            "ikke hentes med den"
        ),
    ),
    (r"^its original is another than was delivered: ", "originalen er en annen enn den som ble levert: "),
    (
        f"^the original came to {AMOUNT}, {AMOUNT} of it has been credited, and this would credit {AMOUNT} more",
        r"originalen kom til \1, \2 av den er kreditert, og denne ville kreditert \3 til",
    ),
    (r"^its original is (authorized|pending|sending|uncertain)", "originalen er ikke levert ennå"),
    ("^its original is needs_attention", "originalen trenger et menneske"),
    ("^its original is discarded", "originalen er avsluttet"),
    (r"^its original is (\S+)", r"originalen er \1"),
    ("^interrupted by ", "avbrutt av "),
    # the outbox and its file
    (
        r"^(.+) cannot be used \((.+)\): give it to the till's own user",
        r"\1 kan ikke brukes (\2): gi den til kassens egen bruker",
    ),
    (r"^the outbox (\S+) has been closed", r"utboksen \1 er lukket"),
    (r"^the outbox (\S+) refused: ", r"utboksen \1 sa nei: "),
    (
        r"^the outbox (\S+) has (\S+), not (\S+); is it a local disk\?",
        r"utboksen \1 har \2, ikke \3; ligger den på en lokal disk?",
    ),
    (r"^payment (\S+) has been voided; take a new tender id", r"betalingen \1 er angret; bruk en ny id på betalingen"),
    (
        r"^payment (\S+) is already there with another customer, amount or lines",
        r"betalingen \1 er her fra før med en annen kunde, et annet beløp eller andre linjer",
    ),
    (
        r"^payment (\S+) meets another record of the same name: ",
        r"betalingen \1 møter en annen post med samme navn: ",
    ),
    (
        r"^(\S+) was delivered; it never goes out again under its reference",
        r"\1 er levert; den går aldri ut igjen med samme referanse",
    ),
    (r"^(\S+) cannot go from (\S+) to (\S+)", r"\1 kan ikke gå fra \2 til \3"),
    ("^the record is gone", "posten er borte"),
    (
        (
            r"^(.+?)(?: of (\S+))? is already kept with other totals \((.*)\); a Z report never changes, so number the "
            "new one anew"
        ),
        r"\1 på kasse \2 er her fra før med andre summer (\3); en Z-rapport endres aldri, så gi den nye et nytt nummer",
    ),
    (
        r"^the price of the invoice fee is not known yet; run (`[^`]+`)",
        r"prisen på fakturagebyret er ikke kjent ennå; kjør \1",
    ),
    ("^check has not passed for the present settings", "sjekken er ikke bestått med innstillingene som gjelder nå"),
    # a settlement that was left as a draft
    (
        r"^(.+) was left as a draft, which somebody has posted by now or is approving",
        r"\1 ble lagt som kladd, som noen har bokført nå eller er i ferd med å godkjenne",
    ),
    (
        r"^(.+) was left as a draft, and somebody has posted it: reverse it in PowerOffice",
        r"\1 ble lagt som kladd, og noen har bokført den: tilbakefør den i PowerOffice",
    ),
    (r": take it back in PowerOffice \((.+)\)", r": ta den tilbake i PowerOffice (\1)"),
    # the settings
    (
        r'^"([^"]*)" cannot be copied onto itself; name the department whose ledger it is to get',
        r"«\1» kan ikke kopieres til seg selv; oppgi avdelingen den skal få kontoplanen fra",
    ),
    (
        r'^"([^"]*)" is \[ledger\], but a department is called so too; rename the department',
        r"«\1» er [ledger], men en avdeling heter også det; gi avdelingen et annet navn",
    ),
    (r"^(.+) fits two departments; rename one of them", r"\1 passer til to avdelinger; gi den ene et annet navn"),
    (r"^(\S+) is there already; it is left as it is", r"\1 finnes fra før; den er som den var"),
    (r"^(\S+) cannot be written: ", r"\1 kan ikke skrives: "),
    (
        r"^(\S+) has been changed by somebody else since it was read",
        r"\1 er endret av noen andre siden den ble lest",
    ),
    (r'(?<=["»]) or (?=["«])', " eller "),
    (r"\(article group ", "(varegruppe "),
)
