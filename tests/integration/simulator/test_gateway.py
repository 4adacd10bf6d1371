"""Keys, tokens, privileges, the limit, and what the gateway says of wrong addresses."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from posplugin.simulator import CLIENT_KEY, SECOND_CLIENT_KEY, SUBSCRIPTION_KEY, Simulator


def test_a_token_lasts_twenty_minutes(api: Any, go: Simulator) -> None:
    answer = api.token().json()

    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 1200)
    go.advance(1199)
    assert api.get("/Customers").status_code == 200
    go.advance(2)
    assert api.get("/Customers").status_code == 401


def test_a_token_belongs_to_one_client_which_has_its_own_data(go: Simulator, connect: Any) -> None:
    first, second = connect(go), connect(go, SECOND_CLIENT_KEY)

    assert first.get("/ClientIntegrationInformation").json()["ClientName"] == "Brygga Bistro AS"
    assert second.get("/ClientIntegrationInformation").json()["ClientName"] != "Brygga Bistro AS"
    first.order("only-here")
    assert second.get("/SalesOrders").status_code == 204
    assert second.order("only-here").status_code == 201
    ids = [each.get("/VatCodes", Fields="Id").json()[0]["Id"] for each in (first, second)]
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [("a", 400, '"error": "invalid_client"'), ("b", 401, ""), ("c", 401, '"statusCode": 401')],
)
def test_u13_bad_keys(api: Any, go: Simulator, answer: str, status: int, text: str) -> None:
    go.switch("U13", answer)

    for bad in (api.token(application="wrong"), api.token(client="wrong")):
        assert bad.status_code == status
        assert text in bad.text
        assert bool(bad.text) is bool(text)


def test_a_subscription_key_is_needed_for_every_call_and_for_the_token(api: Any) -> None:
    api.http.headers["Ocp-Apim-Subscription-Key"] = "wrong"

    for answer in (api.token(), api.get("/Customers")):
        assert answer.status_code == 401
        assert answer.json()["statusCode"] == 401
    del api.http.headers["Ocp-Apim-Subscription-Key"]
    assert api.get("/Customers").status_code == 401
    assert api.get("/Customers", **{"subscription-key": SUBSCRIPTION_KEY}).status_code == 200


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer a.b.c", "Basic abc", "Bearer æ"])
def test_a_token_that_is_missing_or_not_ours_is_an_empty_401(api: Any, token: str) -> None:
    answer = api.http.get("/v2/Customers", headers={"Authorization": token.encode()})

    assert (answer.status_code, answer.content) == (401, b"")


def test_revoked_tokens_are_refused_and_a_new_one_works(api: Any, go: Simulator) -> None:
    go.revoke_tokens()

    assert api.get("/Customers").status_code == 401
    api.log_in()
    assert api.get("/Customers").status_code == 200


@pytest.mark.parametrize(("answer", "status"), [("a", 403), ("b", 400)])
def test_u14_a_missing_privilege_is_felt_with_a_new_token(api: Any, go: Simulator, answer: str, status: int) -> None:
    go.switch("U14", answer)
    go.set_privilege("SalesOrders_Full", False)

    assert api.order().status_code == 201
    api.log_in()
    refused = api.order()
    assert refused.status_code == status
    assert ("Missing privilege" in refused.text) is (answer == "b")
    go.set_privilege("SalesOrders", True)
    api.log_in()
    assert api.get("/SalesOrders").status_code == 200
    assert api.order().status_code == status


def test_information_tells_the_privileges_held(api: Any, go: Simulator) -> None:
    go.set_privilege("Product_Full", False)
    go.allow_send_invoice = True

    told = api.get("/ClientIntegrationInformation").json()
    assert "Product_Full" not in told["ValidPrivileges"]
    assert "SalesOrders_Full" in told["ValidPrivileges"]
    assert told["AllowSendInvoice"] is True


@pytest.mark.parametrize("answer", ["a", "b", "c"])
def test_u5_over_the_limit_is_a_429_and_changes_nothing(answer: str, connect: Any) -> None:
    with Simulator(None, requests_per_second=3, switches={"U5": answer}) as go:
        api, other = connect(go), connect(go, SECOND_CLIENT_KEY)
        assert api.order("one").status_code == 201
        refused = api.order("two")
        token = other.token()

        assert refused.status_code == 429
        assert refused.headers.get("Retry-After") == ("1" if answer == "b" else None)
        assert (refused.content == b"") is (answer == "c")
        assert token.json() == {
            "statusCode": "429",
            "message": "Rate limit is exceeded. Try again in 1 seconds.",
        }
        assert len(go.orders()) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/SalesOrders"),
        ("POST", "/v2/OutgoingInvoices"),
        ("GET", "/v2/Customer"),
        ("GET", "/v2/SalesOrders/not-a-guid"),
        ("GET", "/"),
        ("DELETE", "/v2/Products/1"),
        ("OPTIONS", "/v2/Products"),
    ],
)
def test_an_address_or_method_that_does_not_exist_is_the_gateways_404(api: Any, method: str, path: str) -> None:
    answer = api.http.request(method, path)

    assert answer.status_code == 404
    assert answer.json() == {"statusCode": 404, "message": "Resource not found"}


def test_paths_and_parameter_names_may_be_in_any_case(api: Any) -> None:
    answer = api.http.get("/V2/cUSTOMERS", params={"CUSTOMERNOS": "10001", "fields": "Number"})

    assert answer.json() == [{"Number": 10001}]


def test_the_log_of_requests_holds_no_secrets(api: Any, go: Simulator) -> None:
    api.order("logged")
    httpx.get(f"{go.url}/v2/Customers", params={"subscription-key": SUBSCRIPTION_KEY, "customerNos": "1"})

    text = str(go.requests)
    for secret in (CLIENT_KEY, SUBSCRIPTION_KEY, "Bearer", "Basic"):
        assert secret not in text
    token, order, last = go.requests
    assert (token["path"], token["body"], token["status"], token["acted"]) == ("/OAuth/Token", None, 200, True)
    assert isinstance(order["body"], dict)
    assert order["body"]["ExternalImportReference"] == "logged"
    assert (last["query"], last["status"], last["acted"]) == ({"customerNos": "1"}, 401, False)
