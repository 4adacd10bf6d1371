"""The queue as a technician sees it: what is found, what is counted, and what is done to several at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from posplugin.domain.clock import to_text
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.simulator import Simulator
from tests.integration.console.filled import form_of, found
from tests.integration.console.visitor import Visitor
from tests.integration.sender.shop import CAFE, SETTLES, OpenShop, Shop, settling


@pytest.fixture
def evening(shop: Shop, go: Simulator) -> Shop:
    """Delivered: 1001; needs a person, its customer archived: 1002; waits: 1003; of Bergen Havnelag but the second."""
    shop.sell("1001", 12500)
    shop.sell("1002", 123450, customer=10003)
    go.archive_customer(10003)
    shop.send()
    shop.sell("1003", 33300)
    return shop


def _receipts(page: str) -> list[str]:
    return re.findall(r'href="/record/\d+">([^<]+)</a>', page)


def _ticks(shop: Shop, *receipts: str) -> list[str]:
    """Return what the boxes beside some records send, as they stand now."""
    records = [shop.record(receipt) for receipt in receipts]
    return [f"{record.id}:{to_text(record.updated_at)}" for record in records]


def test_every_record_is_there_newest_first_with_its_colour_and_words(evening: Shop) -> None:
    visitor = Visitor(evening.app)
    page = visitor.get("/").text
    assert _receipts(page) == ["1003", "1002", "1001"]
    assert re.findall(r'class="pill (\w+)"', page) == ["yellow", "red", "green"]
    told = visitor.sees("/")
    assert "Alle 3 ✓ Levert 1 ! Ikke sendt 1 … Venter 1 – Avsluttet 0" in told
    assert "Kunden er arkivert i PowerOffice." in told
    assert "1 234,50".replace(" ", "\xa0") in page
    assert "Levert til PowerOffice: utkast" in told


@pytest.mark.parametrize(
    ("asked", "receipts"),
    [
        ("state=sent", ["1001"]),
        ("state=not_sent", ["1002"]),
        ("state=waiting", ["1003"]),
        ("state=closed", []),
        ("state=nonsense", ["1003", "1002", "1001"]),
        ("q=1002", ["1002"]),
        ("q=havnelag", ["1003", "1001"]),
        ("q=østlandet", ["1002"]),
        ("q=nobody", []),
        ("amount=1234%2C50", ["1002"]),
        ("amount=1+234%2C50", ["1002"]),
        ("amount=125", ["1001"]),
        ("amount=125.00", ["1001"]),
        ("kind=invoice", ["1003", "1002", "1001"]),
        ("kind=settlement", []),
        ("customer=10003", ["1002"]),
        ("customer=0", []),
        ("department=bar", ["1003", "1002", "1001"]),
        ("department=nowhere", []),
        ("from=2020-01-01&to=2020-12-31", []),
        ("from=01.01.2020", ["1003", "1002", "1001"]),
        ("from=1.1.20", ["1003", "1002", "1001"]),
        ("to=31.12.20", []),
        ("state=sent&customer=10003", []),
    ],
)
def test_what_is_asked_for_is_found(evening: Shop, asked: str, receipts: list[str]) -> None:
    assert _receipts(Visitor(evening.app).get(f"/?{asked}").text) == receipts


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("amount=abc", "«abc» er ikke noe beløp"),
        ("amount=1%2C005", "«1,005» er ikke noe beløp"),
        ("amount=1e999999", "er ikke noe beløp"),
        ("amount=" + "9" * 40, "er ikke noe beløp"),
        ("amount=9223372036854775808", "er ikke noe beløp"),
        ("amount=-92233720368547758,09", "er ikke noe beløp"),
        ("amount=NaN", "er ikke noe beløp"),
        ("amount=Infinity", "er ikke noe beløp"),
        ("amount=٣", "er ikke noe beløp"),
        ("from=31.02.2026", "«31.02.2026» er ingen dato"),
        ("from=99999-01-01", "er ingen dato"),
        ("to=tomorrow", "«tomorrow» er ingen dato"),
        ("to=1.1.0", "er ingen dato"),
        ("to=1.1.0026", "«1.1.0026» er ingen dato"),
        ("to=1.1.1999", "er ingen dato"),
        ("to=2100-01-01", "er ingen dato"),
        ("to=0026-12-01", "er ingen dato"),
        ("to=1.1.99999999999999999999", "er ingen dato"),
        ("to=99999999999999999999.1.2026", "er ingen dato"),
        ("to=-1.1.2026", "er ingen dato"),
        ("to=١.١.٢٠٢٦", "er ingen dato"),
        ("customer=ten", "«ten» er ikke noe kundenummer"),
        ("customer=99999999999999999999", "er ikke noe kundenummer"),
        ("customer=٣", "er ikke noe kundenummer"),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field_and_not_asked_for(
    evening: Shop, asked: str, sentence: str
) -> None:
    visitor = Visitor(evening.app)
    assert sentence in visitor.sees(f"/?{asked}")
    page = visitor.get(f"/?{asked}").text
    assert 'aria-invalid="true"' in page
    assert _receipts(page) == ["1003", "1002", "1001"]


@pytest.mark.parametrize("before", ["0", "-1", "x", "99999999999999999999", "1 OR 1=1", ""])
def test_a_page_that_cannot_be_is_the_first_or_empty(evening: Shop, before: str) -> None:
    assert Visitor(evening.app).get(f"/?before={before}").status_code == 200


def test_pages_lead_to_older_ones_and_keep_the_filter(shop: Shop) -> None:
    for number in range(1, 61):
        shop.sell(str(number), 10000 + number)
    visitor = Visitor(shop.app)
    first = visitor.get("/?state=waiting&q=havnelag").text
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    second = visitor.get(older[1].replace("&amp;", "&")).text

    assert len(_receipts(first)) == 50
    assert _receipts(first) + _receipts(second) == [str(number) for number in range(60, 0, -1)]
    assert 'rel="next"' not in second
    assert "Nyeste" in second
    assert 'value="havnelag"' in second


def test_with_several_departments_one_can_be_chosen(shops: OpenShop) -> None:
    shop = shops(more=CAFE)
    shop.sell("1001")
    shop.sell("1002", department="cafe")
    visitor = Visitor(shop.app)
    assert _receipts(visitor.get("/?department=cafe").text) == ["1002"]
    assert "Alle avdelinger" in visitor.sees("/")


def test_the_whole_list_that_was_not_sent_is_tried_again_but_what_a_person_decides_about(
    evening: Shop, go: Simulator
) -> None:
    visitor = Visitor(evening.app)
    order = evening.record("1001")
    evening.app.outbox.set(order, "test", "it is gone", reason="gone", accounting_state="gone")
    told = visitor.sees("/?state=not_sent")
    assert "Prøv alle på nytt (2)" in told

    told = visitor.does("/queue/retry-all", {"back": "/?state=not_sent"})

    assert "1 går videre ved neste kjøring." in told
    assert "1 må du ta stilling til én for én, på siden til hver: 1001." in told
    assert evening.record("1002").status is Status.PENDING
    assert evening.record("1001").reason == "gone"
    assert "går videre" not in visitor.sees("/")  # said once


def test_what_is_selected_is_tried_again_and_what_cannot_be_is_told(evening: Shop) -> None:
    visitor = Visitor(evening.app)
    told = visitor.does("/queue/selected", {"act": "retry", "id": _ticks(evening, "1001", "1002", "1003")})
    assert "1 går videre ved neste kjøring." in told
    assert "2 trenger ikke å prøves på nytt, og er som før: 1001, 1003." in told
    assert evening.record("1002").status is Status.PENDING


def test_one_of_those_not_sent_is_tried_again_by_its_own_button(evening: Shop) -> None:
    visitor = Visitor(evening.app)
    order = evening.record("1001")
    evening.app.outbox.set(order, "test", "it is gone", reason="gone", accounting_state="gone")
    page = visitor.get("/?state=not_sent").text
    assert found(page, "//*[@name='only']/@value") == _ticks(evening, "1002")  # about what is gone a person decides
    assert 'name="only"' not in visitor.get("/").text

    form = {"only": _ticks(evening, "1002"), "id": _ticks(evening, "1001"), "back": "/?state=not_sent"}
    told = visitor.does("/queue/selected", form)

    assert "1 går videre ved neste kjøring." in told
    assert evening.record("1002").status is Status.PENDING
    assert evening.record("1001").reason == "gone"


def test_what_is_selected_is_let_go_with_a_reason(evening: Shop) -> None:
    visitor = Visitor(evening.app)
    form: dict[str, Any] = form_of(visitor.get("/?state=not_sent").text, "/queue/selected").to_dict()
    form |= {"act": "discard", "id": _ticks(evening, "1001", "1002")}

    assert "Skriv hvordan den ble ordnet" in visitor.does("/queue/selected", form | {"how": " "})
    assert "1000 tegn" in visitor.does("/queue/selected", form | {"how": "x" * 1001})
    assert evening.record("1002").status is Status.NEEDS_ATTENTION
    told = visitor.does("/queue/selected", form | {"how": "fakturert for hånd, nr. 77"})

    assert "1 avsluttet." in told
    assert "Dette gikk ikke: 1001" in told  # it has been delivered
    assert evening.record("1002").status is Status.DISCARDED
    assert evening.record("1002").detail == "fakturert for hånd, nr. 77"
    assert evening.record("1001").status is Status.DELIVERED


@pytest.mark.parametrize("act", ["retry", "only", "discard", "hide", "show"])
@pytest.mark.parametrize("minutes", [1, -1])
def test_what_has_moved_since_the_page_was_opened_is_left_as_it_is(evening: Shop, act: str, minutes: int) -> None:
    """Whatever the clock said meanwhile."""
    visitor = Visitor(evening.app)
    ticks = found(visitor.get("/?state=not_sent").text, f"//*[@name='{'only' if act == 'only' else 'id'}']/@value")
    assert ticks == _ticks(evening, "1002")
    form: dict[str, Any] = {"only": ticks} if act == "only" else {"act": act, "how": "x", "id": ticks}
    evening.later(timedelta(minutes=minutes))
    evening.app.outbox.set(evening.record("1002"), "test", "it was looked at", hidden=int(act == "show"))
    before = evening.record("1002")

    assert "endret seg siden du åpnet siden" in visitor.does("/queue/selected", form)
    assert "Dette gikk ikke: 1002" in visitor.does("/queue/selected", form | {"id": str(before.id)})
    assert evening.record("1002") == before


@pytest.mark.parametrize("path", ["/queue/retry-all", "/queue/selected"])
def test_a_sale_that_nobody_has_confirmed_is_never_sent_from_the_list(shop: Shop, path: str) -> None:
    """Were it but one, and all of what needs a person: it is decided about on its own page."""
    shop.promise("1001", {25: 10000})
    shop.later(timedelta(days=3))
    shop.send()
    assert shop.standing() == {"1001": "needs_attention: unconfirmed_sale"}
    told = Visitor(shop.app).does(path, {"act": "retry", "id": _ticks(shop, "1001")})
    assert "1 må du ta stilling til én for én, på siden til hver: 1001." in told
    assert shop.standing() == {"1001": "needs_attention: unconfirmed_sale"}


def test_a_settlement_that_was_taken_back_is_not_posted_again_with_the_others(shops: OpenShop) -> None:
    shop = settling(shops)
    shop.close_day(1)
    shop.send()
    shop.app.settlement_desk().reverse(shop.record("Z 1"), "posted by hand by the accountant")
    told = Visitor(shop.app).does("/queue/selected", {"act": "retry", "id": _ticks(shop, "Z 1")})
    assert "på siden til hver: Z 1." in told
    assert shop.record("Z 1").status is Status.REVERSED


def test_what_needs_a_person_is_in_the_queue_though_it_is_hidden(evening: Shop) -> None:
    """The lamp is red because of it."""
    evening.app.office().hide(evening.record("1002"))
    visitor = Visitor(evening.app)
    told = visitor.sees("/?state=not_sent")
    assert "! Ikke sendt 1" in told
    assert "Skjult" in told
    assert _receipts(visitor.get("/?state=not_sent").text) == ["1002"]


def test_what_is_selected_is_hidden_and_shown_again(evening: Shop) -> None:
    visitor = Visitor(evening.app)
    told = visitor.does("/queue/selected", {"act": "hide", "id": _ticks(evening, "1001", "1002")})
    assert "2 skjult." in told
    assert "Alle 2 ✓ Levert 0 ! Ikke sendt 1 … Venter 1" in told  # 1002 needs a person
    assert _receipts(visitor.get("/").text) == ["1003", "1002"]
    assert _receipts(visitor.get("/?hidden=1").text) == ["1003", "1002", "1001"]
    assert "Alle 3" in visitor.sees("/?hidden=1")

    told = visitor.does("/queue/selected", {"act": "show", "id": _ticks(evening, "1001", "1003")})
    assert "1 vises igjen." in told
    assert [record.hidden for record in evening.records()] == [False, True, False]


@pytest.mark.parametrize(
    "form",
    [
        {"act": "retry"},
        {"act": "retry", "id": "x"},
        {"act": "retry", "id": "99999999999999999999"},
        {"act": "hide", "id": "4711"},
    ],
)
def test_nothing_selected_is_told(evening: Shop, form: dict[str, str]) -> None:
    before = list(evening.records())
    assert "Ingenting er valgt." in Visitor(evening.app).does("/queue/selected", form)
    assert list(evening.records()) == before


def test_an_act_that_is_none_does_nothing(evening: Shop) -> None:
    before = list(evening.records())
    visitor = Visitor(evening.app)
    visitor.does("/queue/selected", {"act": "delete", "id": _ticks(evening, "1001")})
    assert list(evening.records()) == before


def test_it_says_what_happens_next_and_when(shops: OpenShop, go: Simulator) -> None:
    shop = shops()
    visitor = Visitor(shop.app)
    assert "Ingenting sendes av seg selv før oppsettet er sjekket." in visitor.sees("/")
    assert not [finding for finding in shop.app.office().check() if not finding.ok]
    told = visitor.sees("/")
    assert re.search(r"Neste kjøring: \d\d\.\d\d\.\d{4} \d\d:\d\d\.", told)
    shop.send()
    assert re.search(r"Forrige kjøring: \d\d\.\d\d\.\d{4} \d\d:\d\d, alt gikk gjennom\.", visitor.sees("/"))
    shop.sell("1002", customer=10003)
    go.archive_customer(10003)
    shop.send()
    assert "noe trenger et menneske." in visitor.sees("/")
    shop.write(schedule="automatic = false")
    visitor.sees("/")
    assert "Sendes bare for hånd" in visitor.sees("/")


def test_an_empty_queue_says_what_comes_here(visitor: Visitor) -> None:
    assert "Køen er tom." in visitor.sees("/")
    assert "Ingenting i køen passer til dette." in visitor.sees("/?q=x")


def test_a_settlement_stands_among_the_others(shops: OpenShop) -> None:
    shop = shops(**SETTLES)
    shop.sell("1001")
    shop.close_day(26324)
    told = Visitor(shop.app).sees("/?kind=settlement")
    assert "Z 26324" in told
    assert "1001" not in told.split("Poster, nyeste først")[1]


def test_the_lamp_is_told_in_words_on_every_page(evening: Shop) -> None:
    assert "Rødt. Trenger hjelp av den som drifter kassen: 1." in Visitor(evening.app).sees("/record/1")


def test_a_record_that_moves_on_between_two_pages_is_refused_by_its_sentence(
    evening: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender took it in the meantime: nobody overwrites what it did."""
    visitor = Visitor(evening.app)
    stale = evening.record("1002")
    evening.app.outbox.move(stale, Status.PENDING, "test")
    select = evening.app.outbox.select

    def old(where: str, parameters: object = ()) -> list[Record]:
        return [stale] if where.startswith("id IN") else select(where, parameters)  # type: ignore[arg-type]

    monkeypatch.setattr(evening.app.outbox, "select", old)
    told = visitor.does("/queue/selected", {"act": "hide", "id": f"{stale.id}:{to_text(stale.updated_at)}"})
    assert "endret siden den ble lest" in told


def test_time_passes_and_what_waits_too_long_turns_the_lamp(evening: Shop) -> None:
    evening.later(timedelta(days=15))
    assert "Rødt." in Visitor(evening.app).sees("/")
