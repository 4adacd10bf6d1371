"""Z reports that were kept while settlements were off: told, seen as they would be posted, and posted when chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.console.visitor import Visitor
from tests.integration.sender.shop import LEDGER, OpenShop, Shop

DAY = "/settlements/z?terminal=bar-1&number={}"


@pytest.fixture
def kept(shops: OpenShop) -> Shop:
    """Three Z reports kept while settlements were off, which are on now."""
    shop = shops(settlement="enabled = false", ledger=LEDGER)
    shop.ahead = -timedelta(days=2)
    for number in (40, 41, 42):
        shop.close_day(number)
        shop.ahead += timedelta(days=1)
    shop.ahead = timedelta(0)
    shop.write(settlement="attach_z_report = false")
    shop.reopen()
    return shop


def _days(shop: Shop, first: int, last: int) -> dict[str, str]:
    found = {int(one.number): one.business_date for one in shop.app.outbox.settlements.newest(10)}
    return {"first": f"{found[first]:%d.%m.%Y}", "last": f"{found[last]:%d.%m.%Y}"}


def test_a_period_of_what_was_kept_is_posted_when_a_person_says_so(kept: Shop) -> None:
    visitor = Visitor(kept.app)
    told = visitor.sees("/settlements")
    assert "3 Z-rapporter er tatt vare på mens dagsoppgjør var slått av" in told
    assert "Z 42" in told
    assert "– Tatt vare på" in told

    told = visitor.does("/settlements/enqueue", _days(kept, 40, 41))
    assert "2 er på vei, og føres ved neste kjøring: Z 40, Z 41." in told
    assert "1 Z-rapporter er tatt vare på" in told
    kept.send()
    assert {record.receipt for record in kept.records()} == {"Z 40", "Z 41"}
    assert "Ingenting i denne perioden" in visitor.does("/settlements/enqueue", _days(kept, 40, 41))


def test_a_day_with_two_digits_of_its_year_is_of_this_century(kept: Shop) -> None:
    days = {name: day[:6] + day[8:] for name, day in _days(kept, 41, 42).items()}
    assert "føres ved neste kjøring: Z 41, Z 42." in Visitor(kept.app).does("/settlements/enqueue", days)


@pytest.mark.parametrize("day", ["20.11.0026", "1.1.1999", "0026-11-20", "1.1.99999999999999999999"])
def test_a_day_of_another_century_is_mistyped(kept: Shop, day: str) -> None:
    told = Visitor(kept.app).does("/settlements/enqueue", {**_days(kept, 40, 42), "first": day})
    assert "er ingen dato" in told
    assert not kept.records()


def test_one_that_is_kept_shows_what_would_be_posted_and_is_posted_from_its_page(kept: Shop) -> None:
    visitor = Visitor(kept.app)
    told = visitor.sees(DAY.format(41))
    assert "Tatt vare på mens dagsoppgjør var slått av, og ikke på vei." in told
    assert "Ville blitt ført; nå føres ingenting" in told
    told = visitor.does("/settlements/enqueue", {"terminal": "bar-1", "number": "41", **_days(kept, 41, 41)})
    assert "1 er på vei, og føres ved neste kjøring: Z 41." in told
    assert "Dagsoppgjør Z 41 … Venter" in told


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("x", "20.11.2026", "«x» er ingen dato."),
        ("", "20.11.2026", "«» er ingen dato."),
        ("31.02.2026", "20.11.2026", "«31.02.2026» er ingen dato."),
        ("21.11.2026", "20.11.2026", "Den første dagen er etter den siste."),
        ("x" * 10_000, "20.11.2026", "x» er ingen dato."),
    ],
)
def test_a_period_that_is_none_is_told(kept: Shop, first: str, last: str, said: str) -> None:
    assert said in Visitor(kept.app).does("/settlements/enqueue", {"first": first, "last": last})
    assert kept.records() == []


def test_while_settlements_are_off_nothing_is_posted_and_it_says_why(shops: OpenShop) -> None:
    shop = shops(settlement="enabled = false", ledger=LEDGER)
    shop.close_day(42)
    visitor = Visitor(shop.app)
    told = visitor.does("/settlements/enqueue", _days(shop, 42, 42))
    assert "Dagsoppgjør føres ikke for bar" in told
    assert "Dagsoppgjør føres ikke for bar" in visitor.sees(DAY.format(42))
    assert shop.records() == []


def test_while_settlements_are_off_the_list_says_what_to_do_and_has_no_form_that_would_refuse(shops: OpenShop) -> None:
    shop = shops(settlement="enabled = false", ledger=LEDGER)
    shop.close_day(42)
    page = Visitor(shop.app).get("/settlements").text
    assert "slå på dagsoppgjør der" in page
    assert 'action="/settlements/enqueue"' not in page


def test_a_change_to_a_z_that_is_not_on_its_way_is_refused(kept: Shop) -> None:
    told = {"terminal": "bar-1", "number": "42", "seen": "", "why": "feil"}
    for act in ("reverse", "accept"):
        assert Visitor(kept.app).post(f"/settlements/z/{act}", told).status_code == 404
