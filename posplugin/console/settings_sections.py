"""The sections of the page of the settings, for the departments that the file has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from posplugin.console.settings_fields import Block, Column, Field, Kind, Place, Section, Shape, Table, field
from posplugin.domain.money import VAT_RATES
from posplugin.settings.defaults import choices_of

_RATES = tuple(str(rate) for rate in sorted(VAT_RATES, reverse=True))
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: In the manuals' order, then ours.
_PRODUCTS = ("vat_0", "vat_12", "vat_15", "vat_25", "gratuity", "fee", "rounding", "gift_card")
_ACCOUNTS = ("gratuity", "gift_card", "rounding", "cash_difference", "invoice_clearing")
#: What a new department is entered as.
NEW_DEPARTMENT = "new#"
NEW_FIELDS = ("name", "client_key", "department_code")


def sections(departments: Sequence[str]) -> list[Section]:
    """Return all sections, the terminal's own department first among `departments`."""
    return [
        Section(name="poweroffice", blocks=list(_poweroffice(departments))),
        Section(name="invoicing", blocks=list(_invoicing())),
        Section(name="products", blocks=list(_products(departments))),
        Section(name="mode", blocks=list(_mode())),
        Section(name="departments", blocks=list(_departments(departments))),
        Section(name="ledger", blocks=list(_ledgers(departments))),
        Section(name="settlement", blocks=[_settlement()]),
        Section(name="schedule", blocks=list(_schedule())),
        Section(name="terminal", blocks=list(_terminal())),
        Section(name="saft", blocks=list(_saft())),
    ]


def fields_of(page: Sequence[Section]) -> Iterator[Field]:
    """Give every field of the sections."""
    return (one for section in page for block in section.blocks for one in block.fields)


def tables_of(page: Sequence[Section]) -> Iterator[Table]:
    """Give every table of the sections."""
    return (one for section in page for block in section.blocks for one in block.tables)


def _poweroffice(departments: Sequence[str]) -> Iterator[Block]:
    several = len(departments) > 1
    client_keys = [
        Field(place=("departments", name, "client_key"), kind=Kind.KEY, of=name if several else "")
        for name in departments
    ]
    keys = [field(f"poweroffice.{name}", Kind.KEY) for name in ("application_key", "subscription_key")]
    yield Block(fields=[*client_keys, *keys])


def _mode() -> Iterator[Block]:
    yield Block(fields=[field("poweroffice.endpoint_mode")])
    more = [field(f"poweroffice.{name}") for name in ("simulator_url", "settle_time", "customers_max_age")]
    yield Block(fields=[*more, field("poweroffice.terminals", Kind.NUMBER)], heading="more", folded=True)


def _invoicing() -> Iterator[Block]:
    yield Block(
        fields=[
            field("invoicing.enabled"),
            field("invoicing.enabled_since", Kind.DAY),
            field("invoicing.send_amount_excluding_vat"),
            field("invoicing.vat_reported_by"),
            field("invoicing.delivery"),
            field("invoicing.lines"),
        ]
    )
    yield Block(
        fields=[
            field("invoicing.tips_on_invoice"),
            field("invoicing.require_reference"),
            field("invoicing.credit_limit"),
            field("invoicing.default_credit_limit", Kind.KRONER),
            field("invoicing.attach_receipt"),
            field("invoicing.include_employee_number"),
            field("invoicing.create_missing_products"),
            field("invoicing.product_prefix"),
            field("invoicing.allow_vat_in_text"),
        ],
        heading="more",
        folded=True,
    )


def _products(departments: Sequence[str]) -> Iterator[Block]:
    for name in departments:
        yield Block(fields=[Field(place=("departments", name, "products", one)) for one in _PRODUCTS], of=name)
    fee = [field("invoicing.invoice_fee"), field("invoicing.invoice_fee_amount", Kind.KRONER)]
    yield Block(fields=fee, heading="fee")


def _departments(departments: Sequence[str]) -> Iterator[Block]:
    for name in departments:
        own_key = Field(place=("departments", name, "application_key"), kind=Kind.KEY, may_go=True)
        yield Block(fields=[Field(place=("departments", name, "department_code")), own_key], of=name)


def _ledgers(departments: Sequence[str]) -> Iterator[Block]:
    yield _ledger(("ledger",), "default_ledger")
    for name in departments:
        yield _ledger(("departments", name, "ledger"), "own_ledger", of=name)


def _ledger(place: Place, heading: str, of: str = "") -> Block:
    account = Column(name="value", kind=Kind.NUMBER)
    return Block(
        tables=[
            Table(
                place=(*place, "sales"),
                shape=Shape.ROWS,
                columns=(
                    Column(name="article_group"),
                    Column(name="vat", kind=Kind.NUMBER, options=("", *_RATES)),
                    Column(name="account", kind=Kind.NUMBER),
                    Column(name="vat_code"),
                ),
            ),
            Table(place=(*place, "tenders"), shape=Shape.PAIRS, columns=(Column(name="key"), account)),
            Table(place=(*place, "movements"), shape=Shape.PAIRS, columns=(Column(name="key"), account)),
        ],
        fields=[Field(place=(*place, name), kind=Kind.NUMBER) for name in _ACCOUNTS],
        heading=heading,
        of=of,
        folded=bool(of),
    )


def _settlement() -> Block:
    # Left out, it is neither: for every department that has a ledger.
    enabled = Field(place=("settlement", "enabled"), kind=Kind.CHOICE, options=("", "true", "false"))
    others = ("posting", "after_invoices", "period_locked", "attach_z_report")
    return Block(fields=[enabled, *(field(f"settlement.{name}") for name in others)])


def _schedule() -> Iterator[Block]:
    more = [field(f"schedule.{name}") for name in ("window", "runs_in")]
    yield Block(fields=[field("schedule.automatic"), *_timetable("schedule"), *more])
    yield Block(fields=_times("schedule"), heading="other_times", folded=True)
    own = "settlement.schedule"
    yield Block(
        fields=[*_timetable(own), *_times(own)], heading="own_times", folded=True, ticked=("settlement", "schedule")
    )


def _timetable(where: str) -> list[Field]:
    weekday = field(f"{where}.weekday")
    return [
        field(f"{where}.frequency"),
        Field(place=weekday.place, kind=Kind.CHOICE, options=("", *weekday.options)),
        field(f"{where}.day", Kind.NUMBER),
        field(f"{where}.time"),
    ]


def _times(where: str) -> list[Field]:
    return [Field(place=(*where.split("."), "times", day)) for day in _DAYS]


def _terminal() -> Iterator[Block]:
    yield Block(fields=[field(f"terminal.{name}") for name in ("id", "department", "language")])
    more = [field(f"terminal.{name}") for name in ("timezone", "business_day_starts", "saft_source_id")]
    yield Block(fields=[*more, field("outbox.path", Kind.FIXED)], heading="more", folded=True)


def _saft() -> Iterator[Block]:
    yield Block(fields=[field("saft.customer_numbers")])
    kinds = Column(name="value", options=("", *choices_of("saft", "line_kinds")))
    key, value = Column(name="key"), Column(name="value")
    registers = (key, Column(name="terminal"), Column(name="department"))
    yield Block(
        tables=[
            Table(place=("saft", "codes"), shape=Shape.PAIRS, columns=(key, value)),
            Table(place=("saft", "invoice_payments"), shape=Shape.NAMES, columns=(value,)),
            Table(place=("saft", "line_kinds"), shape=Shape.PAIRS, columns=(key, kinds)),
            Table(place=("saft", "registers"), shape=Shape.TABLES, columns=registers),
        ],
        heading="more",
        folded=True,
    )
