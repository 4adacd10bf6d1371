"""Writes SAF-T Cash Register files, valid against the schema, in this till's local codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from posplugin.saft.codes import Codes
from posplugin.saft.entries import Event, Line, Tables, Transaction, Vat
from posplugin.saft.parts import NAMESPACE, tag
from posplugin.saft.rules import SaftRules
from sample_terminal.figures import ReportFigures
from sample_terminal.house import BRYGGEKROA
from sample_terminal.menu import GROUPS, MENU
from sample_terminal.saft_elements import kroner, put_all
from sample_terminal.saft_report import add_report

#: Local VAT code to rate; neither the standard codes nor the rates, as in the tax authority's example.
VAT_CODES: Final = {0: ("0", "0"), 12: ("1", "33"), 15: ("2", "31"), 25: ("3", "3")}

#: Basic type to local id, predefined code and description. A local id is used once in the whole file.
BASICS: Final = {
    "05": {"SALG": ("", "Varelinje"), "RETUR": ("", "Returlinje")},
    "08": {"RABATT": ("", "Rabatt på hele salget")},
    "10": {"TIPS": ("10001", "Tips"), "TILLEGG": ("10999", "Påslag i pris")},
    "11": {
        "KONTANTSALG": ("11001", "Kontantsalg"),
        "KREDITTSALG": ("11002", "Kredittsalg"),
        "INNBETALING": ("11005", "Innbetaling fra kunde"),
        "VARERETUR": ("11006", "Utbetaling ved vareretur"),
        "VEKSEL": ("11007", "Inngående veksel"),
        "KASSEDIFF": ("11008", "Kassedifferanse"),
        "UTTAK": ("11010", "Penger ut av kassen"),
        "INNSKUDD": ("11011", "Penger inn i kassen"),
        "DELTSALG": ("11015", "Kontant- og kredittsalg"),
        "KREDITTRETUR": ("11017", "Kredittsalg og retur"),
    },
    "12": {
        "KONTANT": ("12001", "Kontant"),
        "BANKKORT": ("12002", "Bankkort"),
        "BANK": ("12004", "Bankkonto"),
        "GAVEKORT": ("12005", "Gavekort"),
        "FAKTURA": ("12006", "Faktura"),
        "VIPPS": ("12011", "Vipps"),
    },
    "13": {
        "PÅ": ("13001", "Kassen startet"),
        "AV": ("13002", "Kassen avsluttet"),
        "X": ("13008", "X-rapport"),
        "Z": ("13009", "Z-rapport"),
        "KVITTERING": ("13012", "Salgskvittering"),
        "RETURKVITTERING": ("13013", "Returkvittering"),
        "UTLEVERING": ("13016", "Utleveringskvittering"),
        "TRENING": ("13017", "Treningskvittering"),
        "ANNULLERING": ("13028", "Annulleringskvittering"),
    },
}

#: The same, for reading.
CODES: Final = Codes(
    Tables({(kind, local): code for kind, codes in BASICS.items() for local, (code, _) in codes.items() if code}),
    SaftRules(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLog:
    """One register's events and transactions, in order. `reports` are the figures of X and Z, by event id."""

    register_id: str
    events: Sequence[Event] = ()
    transactions: Sequence[Transaction] = ()
    reports: dict[str, ReportFigures] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole file."""

    day: date
    registers: Sequence[RegisterLog]
    #: custSupID to name.
    customers: dict[str, str] = field(default_factory=dict)
    currency: str = "NOK"


def to_xml(document: Document) -> bytes:
    """Return the file, in UTF-8."""
    register_namespace("", NAMESPACE)
    root = Element(tag("auditfile"))
    day = document.day.isoformat()
    header = SubElement(root, tag("header"))
    for name, value in (
        ("fiscalYear", str(document.day.year)),
        ("startDate", day),
        ("endDate", day),
        ("curCode", document.currency),
        ("dateCreated", day),
        ("timeCreated", "23:59:59"),
        ("softwareDesc", "sample_terminal: demonstrasjon, ikke et godkjent kassasystem"),
        ("softwareVersion", "1.0"),
        ("softwareCompanyName", "Demonstrasjon"),
        ("auditfileVersion", "1.0"),
    ):
        put_all(header, **{name: value})
    company = SubElement(root, tag("company"))
    put_all(company, companyIdent=BRYGGEKROA.ident, companyName=BRYGGEKROA.name)
    _add_customers(company, document)
    _add_tables(company, day)
    location = SubElement(company, tag("location"))
    put_all(location, name="Bryggekroa")
    for log in document.registers:
        _add_register(location, log)
    indent(root, space="\t")
    body: bytes = tostring(root, encoding="unicode").encode()
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _add_customers(company: Element, document: Document) -> None:
    if document.customers:
        listed = SubElement(company, tag("customersSuppliers"))
        for number, name in document.customers.items():
            customer = SubElement(listed, tag("customerSupplier"))
            put_all(customer, custSupID=number, custSupName=name, custSupType="Customer")


def _add_tables(company: Element, day: str) -> None:
    details = SubElement(company, tag("vatCodeDetails"))
    for rate, (local, standard) in VAT_CODES.items():
        detail = SubElement(details, tag("vatCodeDetail"))
        put_all(detail, vatCode=local, dateOfEntry=day, vatDesc=f"{rate} % MVA", standardVatCode=standard)
    employee = SubElement(SubElement(company, tag("employees")), tag("employee"))
    put_all(employee, empID="7", dateOfEntry=day, timeOfEntry="12:00:00", firstName="Kari", surName="Nordmann")
    articles = SubElement(company, tag("articles"))
    for dish in MENU.values():
        article = SubElement(articles, tag("article"))
        put_all(article, artID=dish.article_id, dateOfEntry=day, artGroupID=dish.group, artDesc=dish.name)
    basics = SubElement(company, tag("basics"))
    groups = {local: (group.code, group.name) for local, group in GROUPS.items()}
    for kind, codes in ({"04": groups} | BASICS).items():
        for local, (code, description) in codes.items():
            basic = SubElement(basics, tag("basic"))
            put_all(basic, basicType=kind, basicID=local, predefinedBasicID=code or None, basicDesc=description)


def _add_register(location: Element, log: RegisterLog) -> None:
    register = SubElement(location, tag("cashregister"))
    put_all(register, registerID=log.register_id, regDesc="Kasse i baren")
    for event in log.events:
        element = SubElement(register, tag("event"))
        put_all(
            element,
            eventID=event.event_id,
            eventType=event.kind,
            transID=event.trans_id,
            eventDate=event.at.date().isoformat(),
            eventTime=event.at.strftime("%H:%M:%S"),
        )
        if event.report_id is not None:
            figures = log.reports.get(event.event_id, ReportFigures())
            add_report(SubElement(element, tag("eventReport")), event, figures)
    for transaction in log.transactions:
        _add_transaction(SubElement(register, tag("cashtransaction")), transaction)


def _add_transaction(element: Element, one: Transaction) -> None:
    vat = sum(line.vat.amount for line in one.lines if line.vat)
    put_all(
        element,
        nr=one.nr,
        transID=one.trans_id,
        transType=one.kind,
        transAmntIn=kroner(one.amount),
        transAmntEx=kroner(one.amount - vat),
        amntTp="D" if one.debit else "C",
        empID=one.employee,
        custSupID=one.customer,
        transDate=one.at.date().isoformat(),
        transTime=one.at.strftime("%H:%M:%S"),
        bookDate=one.book_date.isoformat() if one.book_date else None,
        refID=one.ref_id,
        desc=one.text,
    )
    for number, line in enumerate(one.lines, start=1):
        _add_line(SubElement(element, tag("ctLine")), one, line, number)
    for whole in one.vats:
        _add_vat(element, whole, one.debit)
    for discount in one.discounts:
        put_all(SubElement(element, tag("discount")), dscTp=discount.kind, dscAmnt=kroner(discount.amount))
    for extra in one.raises:
        put_all(SubElement(element, tag("raise")), raiseType=extra.kind, raiseAmnt=kroner(extra.amount))
    put_all(SubElement(element, tag("rounding")), roundingAmnt=kroner(one.rounding))
    for payment in one.payments:
        put_all(
            SubElement(element, tag("payment")),
            paymentType=payment.kind,
            paidAmnt=kroner(payment.amount),
            curCode=payment.currency,
        )
    put_all(
        element,
        signature="demo",
        keyVersion="1",
        receiptNum="1",
        voidTransaction=str(one.void).lower(),
        trainingID=str(one.training).lower(),
    )


def _add_line(element: Element, one: Transaction, line: Line, number: int) -> None:
    put_all(
        element,
        nr=one.nr,
        lineID=str(number),
        lineType=line.line_type,
        artGroupID=line.article_group,
        artID=line.article_id,
        qnt=None if line.quantity is None else f"{line.quantity:f}",
        lineAmntIn=kroner(line.amount),
        lineAmntEx=kroner(line.amount - (line.vat.amount if line.vat else 0)),
        amntTp="D" if line.debit else "C",
        cashTransLineDescr=line.text,
    )
    if line.vat:
        _add_vat(element, line.vat, line.debit)
    for extra in line.raises:
        put_all(SubElement(element, tag("raise")), raiseType=extra.kind, raiseAmnt=kroner(extra.amount))


def _add_vat(parent: Element, vat: Vat, debit: bool) -> None:
    put_all(
        SubElement(parent, tag("vat")),
        vatCode=vat.code,
        vatPerc=None if vat.percent is None else f"{vat.percent:.2f}",
        vatAmnt=kroner(vat.amount),
        vatAmntTp="D" if debit else "C",
    )
