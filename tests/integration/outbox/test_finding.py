"""Which records are found, how many stand where, and that neither reads what it need not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest

from posplugin.app import App
from posplugin.domain.reasons import Reason
from posplugin.outbox.finding import Filter, Standing, find, standing_of, tally
from posplugin.outbox.lifecycle import Status
from tests.fixtures.customers import COMPANY, PERSON
from tests.fixtures.sales import DAY, request, sale

#: Status, reason and whether it is hidden: at least one of each sort.
STANDS = [
    (Status.AUTHORIZED, None, 0),
    (Status.PENDING, None, 0),
    (Status.PENDING, None, 1),
    (Status.SENDING, None, 0),
    (Status.UNCERTAIN, None, 0),
    (Status.DELIVERED, None, 0),
    (Status.DELIVERED, None, 0),
    (Status.DELIVERED, None, 1),
    (Status.DELIVERED, Reason.GONE, 0),
    (Status.DELIVERED, Reason.CHANGED, 1),
    (Status.NEEDS_ATTENTION, Reason.REJECTED, 0),
    (Status.NEEDS_ATTENTION, Reason.REJECTED, 1),
    (Status.CANCELLED, None, 0),
    (Status.DISCARDED, None, 0),
    (Status.REVERSED, None, 1),
]


@pytest.fixture
def many(app: App) -> App:
    """One record for each of `STANDS`, a day apart, in turn to a company and a person, of 100 kr, 101 kr…"""
    for number, (status, reason, hidden) in enumerate(STANDS):
        to = COMPANY if number % 2 else PERSON
        asked = request(sale(100_00 + number * 100, sale_id=f"s-{number}", receipt=str(1000 + number)), to.number)
        app.till().capture(asked)
        sql = "UPDATE records SET status = ?, reason = ?, hidden = ?, business_date = ? WHERE sale_id = ?"
        day = DAY + timedelta(days=number)
        app.database.execute(sql, (status, reason, hidden, day.isoformat(), asked.ref.sale_id))
    return app


@pytest.mark.parametrize("hidden", [False, True])
def test_the_counts_are_those_of_the_records_that_are_found(many: App, hidden: bool) -> None:
    found = find(many.outbox, Filter(hidden=hidden))
    assert tally(many.outbox, hidden=hidden) == Counter(standing_of(record) for record in found)
    assert len(found) == len(STANDS) - (0 if hidden else 3)
    needing = [record for record in many.outbox.select("1") if record.needs_a_person]
    assert {record.id for record in needing} <= {record.id for record in found}  # hidden or not
    assert any(record.hidden for record in needing)


@pytest.mark.parametrize("standing", Standing)
def test_each_standing_finds_its_own(many: App, standing: Standing) -> None:
    found = find(many.outbox, Filter(standing=standing, hidden=True))
    everything = find(many.outbox, Filter(hidden=True))
    assert [record.id for record in found] == [x.id for x in everything if standing_of(x) is standing]
    assert found


def test_pages_follow_each_other_without_a_gap(many: App) -> None:
    everything = [record.id for record in find(many.outbox, Filter(hidden=True))]
    pages: list[int] = []
    while page := find(many.outbox, Filter(hidden=True, before=pages[-1] if pages else None, limit=4)):
        pages += [record.id for record in page]
    assert pages == everything


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("standing", [None, Standing.SENT])
def test_what_is_searched_for_is_paged_as_all_is(many: App, hidden: bool, standing: Standing | None) -> None:
    """Hidden ones between take no place on a page, and what comes before it is not looked at."""
    text, size = "nordmann", 2
    asked = partial(Filter, text=text, hidden=hidden, standing=standing)
    everything = find(many.outbox, Filter(hidden=hidden, standing=standing))
    wanted = [record.id for record in everything if text in (record.customer_name or "").lower()]
    pages: list[int] = []
    while page := find(many.outbox, asked(before=pages[-1] if pages else None, limit=size)):
        assert len(page) <= size
        pages += [record.id for record in page]
    assert pages == wanted
    assert wanted


@pytest.mark.parametrize(
    ("wanted", "receipts"),
    [
        (Filter(amount=105_00), ["1005"]),
        (Filter(amount=-105_00), ["1005"]),
        (Filter(amount=1), []),
        (Filter(text="1005"), ["1005"]),
        (Filter(text="1005", amount=106_00), []),
        (Filter(text="NORDMANN", amount=112_00), ["1012"]),
        (Filter(text="ÆRLIG", amount=105_00), ["1005"]),
        (Filter(text="nobody"), []),
        (Filter(kind="credit_note"), []),
        (Filter(department="nowhere", standing=Standing.SENT), []),
        (Filter(kind="invoice", department="bar", first_day=DAY + timedelta(days=12)), ["1013", "1012"]),
        (Filter(kind="invoice", standing=Standing.SENT, before=7), ["1005"]),
        (Filter(text="%"), []),
        (Filter(text="' OR 1=1 --"), []),
        (Filter(first_day=DAY + timedelta(days=5), last_day=DAY + timedelta(days=6)), ["1006", "1005"]),
        (Filter(first_day=DAY + timedelta(days=12)), ["1013", "1012"]),
        (Filter(last_day=DAY), ["1000"]),
        (Filter(last_day=date(2020, 1, 1)), []),
        (Filter(customer=COMPANY.number, standing=Standing.SENT), ["1005"]),
        (Filter(customer=0), []),
        (Filter(standing=Standing.CLOSED, before=14), ["1012"]),
    ],
)
def test_records_are_found_by_what_people_know(many: App, wanted: Filter, receipts: list[str]) -> None:
    assert [record.receipt for record in find(many.outbox, wanted)] == receipts


@pytest.mark.parametrize("text", ["ås bygg", "ÅS BYGG", "Ås Bygg", "ås BYGG"])
@pytest.mark.parametrize("name", ["ÅS BYGG & ØL", "ås bygg & øl", "Ås Bygg & Øl"])
def test_a_name_is_found_in_letters_of_any_size(many: App, name: str, text: str) -> None:
    """Also those that SQLite takes for no letters."""
    many.database.execute("UPDATE records SET customer_name = ? WHERE receipt = '1005'", (name,))
    assert [record.receipt for record in find(many.outbox, Filter(text=text))] == ["1005"]
    assert [record.receipt for record in find(many.outbox, Filter(text=text, customer=COMPANY.number))] == ["1005"]


def test_a_name_in_the_register_finds_what_was_sold_to_it(many: App) -> None:
    """Also where the letters are not those of English: the register folds them."""
    found = many.office().find(Filter(text="ærlig"))
    assert {record.customer_number for record in found} == {COMPANY.number}
    assert many.office().find(Filter(text="10001")) == []  # a number is sought among receipts


@pytest.mark.parametrize(
    ("wanted", "reads"),
    [
        (Filter(standing=Standing.NOT_SENT), {"records_open", "records_troubled"}),
        (Filter(standing=Standing.WAITING), {"records_open"}),
        (Filter(standing=Standing.CLOSED), {"records_closed"}),
        (Filter(text="x"), {"records_words"}),
        (Filter(amount=1), {"records_words"}),
        (Filter(kind="credit_note"), {"records_words"}),
        (Filter(department="bar", standing=Standing.SENT), {"records_words", "records_open", "records_troubled"}),
        (Filter(kind="invoice", first_day=DAY), {"records_words", "records_day"}),
        (Filter(first_day=DAY, last_day=DAY), {"records_day"}),
        (Filter(customer=10001), {"records_customer"}),
    ],
)
def test_what_is_few_is_not_looked_for_among_all(many: App, wanted: Filter, reads: set[str]) -> None:
    """By the plan that SQLite makes, and not by the clock."""
    asked: list[str] = []
    rows = many.database.rows

    def noted(sql: str, parameters: object = ()) -> list[tuple[object, ...]]:
        asked.extend(str(row[3]) for row in rows(f"EXPLAIN QUERY PLAN {sql}", parameters))  # type: ignore[arg-type]
        return rows(sql, parameters)  # type: ignore[arg-type]

    many.database.rows = noted  # type: ignore[method-assign]
    find(many.outbox, wanted)
    plan = " ".join(asked)
    assert all(index in plan for index in reads), asked
    assert not [step for step in asked if step == "SCAN records"], asked
