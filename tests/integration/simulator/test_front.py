"""The page for people: what arrived, the books beside it, and who may press its buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from posplugin.simulator import SUBSCRIPTION_KEY, Simulator

_NASTY = '<script>alert("1")</script>'


@pytest.fixture
def page(go: Simulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{go.url}/simulator") as client:
        yield client


def _text(answer: httpx.Response) -> str:
    """Return what a person reads, in one line."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(text.replace("&#34;", '"').split())


def _act(page: httpx.Client, act: str, key: object) -> str:
    """Press a button and return what the page says then."""
    answer = page.post("/act", data={"act": act, "key": str(key), "klient": "71401"})
    assert answer.status_code == 303, answer.text
    return _text(page.get(answer.headers["Location"].removeprefix("/simulator")))


def _ids(api: Any) -> tuple[dict[int, int], dict[str, int]]:
    accounts = {row["AccountNo"]: row["Id"] for row in api.get("/GeneralLedgerAccounts").json()}
    return accounts, {row["Code"]: row["Id"] for row in api.get("/VatCodes").json()}


def _voucher(api: Any, path: str, **lines: object) -> str:
    body = {"CurrencyCode": "NOK", "VoucherDate": "2026-03-05", "Description": "Dagsoppgjør Z 17", **lines}
    answer = api.http.post(f"/v2{path}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["Id"])


def test_the_page_says_that_it_is_not_poweroffice_and_fetches_nothing_from_elsewhere(page: httpx.Client) -> None:
    for path in ("", "/"):
        answer = page.get(path)
        assert answer.status_code == 200
        assert "Simulator – dette er ikke PowerOffice." in _text(answer)
    assert 'lang="nb"' in answer.text
    assert not re.search(r"(src|href)=.(https?:)?//", answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert SUBSCRIPTION_KEY not in answer.text


def test_an_empty_client_says_so(page: httpx.Client) -> None:
    text = _text(page.get("", params={"klient": "71402"}))

    assert "Kaikanten Kafé AS" in text
    for said in ("Ingen ordrer venter.", "Ingenting er bokført.", "Ingenting å melde.", "Ingen kunder skylder noe."):
        assert said in text


def test_an_order_is_told_in_plain_words_and_escaped(api: Any, page: httpx.Client) -> None:
    line = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 12345.6}
    lines = [{"LineType": "Text", "Description": _NASTY}, line]
    order = api.order("ref-1", SalesOrderLines=lines, CustomerReference=_NASTY, DepartmentCode="10").json()["Id"]
    files = {"file": ("nota<b>.pdf", b"%PDF-1.4", "application/pdf")}
    api.http.post(f"/v2/SalesOrders/{order}/attachments", files=files).raise_for_status()

    answer = page.get("")
    text = _text(answer)
    assert "Ordre 50001 til Fjellheim Entreprenør AS 15 432,00 kr" in text
    assert "Faktura, utkast. Kundenummer 10001." in text
    assert "Avdeling 10." in text
    assert "Referanse fra kassen: ref-1" in text
    assert "Servering i henhold til nota, 25 %" in text
    assert "Mva-kode 3" in text
    assert "Vedlegg: nota&lt;b&gt;.pdf" in answer.text
    assert answer.text.count("&lt;script&gt;") == 2
    assert "<script" not in answer.text


def test_sending_and_paying_show_in_the_books_beside(api: Any, go: Simulator, page: httpx.Client) -> None:
    sent = _act(page, "send-order", api.order("ref-1").json()["Id"])

    assert "Sendt og bokført." in sent
    assert "Faktura 10001 til Fjellheim Entreprenør AS 125,00 kr" in sent
    assert "Utestående 125,00 kr." in sent
    assert "1500 Kundefordringer 125,00" in sent
    assert "3000 Salgsinntekt servering, høy sats −100,00" in sent
    assert "Sum 0,00 Debet er positivt" in sent
    assert "3 Utgående mva høy sats 100,00 25,00 Å betale 25,00" in sent
    assert "10001 Fjellheim Entreprenør AS 125,00 Sum 125,00" in sent

    paid = _act(page, "pay", 10001)
    assert "Betalingen er bokført." in paid
    assert "Betalt." in paid
    assert go.customer_ledger() == {10001: 0}


def test_a_draft_is_deleted_by_a_button(api: Any, go: Simulator, page: httpx.Client) -> None:
    assert "Ingen ordrer venter." in _act(page, "delete-order", api.order().json()["Id"])
    assert go.orders() == []


def test_vouchers_are_shown_and_reversed(api: Any, go: Simulator, page: httpx.Client) -> None:
    accounts, codes = _ids(api)
    cash = {"AccountId": accounts[1900], "VatId": codes["0"], "PostingDate": "2026-03-05", "CurrencyAmount": 100}
    sale = cash | {"AccountId": accounts[3000], "VatId": codes["3"], "CurrencyAmount": -100}
    key = _voucher(api, "/Vouchers/CashJournals", VoucherLines=[cash, sale])

    text = _text(page.get(""))
    assert "Bilag 1: Dagsoppgjør Z 17 05.03.2026" in text
    assert "1900 Kontanter Mva-kode 0 100,00 3000 Salgsinntekt servering, høy sats Mva-kode 3 100,00" in text
    assert "Tilbakeført." in _act(page, "reverse", key)
    assert set(go.trial_balance().values()) == {0}


def test_journal_entry_vouchers_are_posted_or_deleted(api: Any, go: Simulator, page: httpx.Client) -> None:
    accounts, codes = _ids(api)
    line = {"DebitAccountId": accounts[1900], "DebitVatId": codes["0"], "CreditAccountId": accounts[3000]}
    line |= {"CreditVatId": codes["3"], "CurrencyAmount": 100}
    posted, gone = (
        _voucher(api, "/JournalEntryVouchers/ManualJournals", ManualVoucherLines=lines) for lines in ([line], [])
    )

    text = _text(page.get(""))
    assert "Venter på å bli bokført." in text
    assert "Bilaget er tomt." in text
    assert "Bilaget er slettet." in _act(page, "delete-draft", gone)
    assert "Bokført." in _act(page, "post-draft", posted)
    assert go.trial_balance()[1900] == 100


def test_what_does_not_work_is_said_and_changes_nothing(api: Any, go: Simulator, page: httpx.Client) -> None:
    order = api.order().json()["Id"]
    for act, key, said in (
        ("send-order", "nix", "Det gikk ikke: Sales order with id = nix not found."),
        ("pay", "x", "Det gikk ikke: invalid literal"),
        ("nix", order, "Det gikk ikke: Simulatoren kjenner ikke denne handlingen."),
    ):
        answer = page.post("/act", data={"act": act, "key": key})
        assert answer.status_code == 400
        assert said in _text(answer)
    assert page.get("/act", params={"act": "delete-order", "key": order}).status_code == 405
    assert len(go.orders()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.no"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "example.no"},
        {"Host": "example.no", "Origin": "http://example.no"},
        {"Host": "127.0.0.1.example.no"},
    ],
)
def test_other_sites_change_nothing(api: Any, go: Simulator, page: httpx.Client, headers: dict[str, str]) -> None:
    order = api.order().json()["Id"]

    refused = page.post("/act", data={"act": "delete-order", "key": order}, headers=headers)
    assert refused.status_code == 403
    assert page.delete(f"/orders/{order}", headers=headers).status_code == 403
    assert page.put("/switches", json={"U1": "b"}, headers=headers).status_code == 403
    assert len(go.orders()) == 1
    assert go.switches["U1"] == "a"


def test_the_page_itself_may(api: Any, go: Simulator, page: httpx.Client) -> None:
    order, other = (api.order().json()["Id"] for _ in range(2))
    local = go.url.replace("127.0.0.1", "localhost")

    for key, origin in ((order, go.url), (other, local)):
        headers = {"Origin": origin, "Host": origin.removeprefix("http://")}
        assert page.post("/act", data={"act": "delete-order", "key": key}, headers=headers).status_code == 303
    assert go.orders() == []


def test_looking_at_the_page_is_no_request_to_the_api(go: Simulator, page: httpx.Client) -> None:
    page.get("")

    assert go.requests == []


def test_only_the_newest_are_shown(api: Any, page: httpx.Client) -> None:
    for _ in range(52):
        api.order()

    text = _text(page.get(""))
    assert "Ordrer som venter på å bli sendt (52)" in text
    assert "… og 2 eldre." in text
    assert "Ordre 50052 " in text
    assert "Ordre 50002 " not in text
