"""The page at /simulator: what arrived, the books beside it, and what a person can do about both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .amounts import ore
from .desk import Desk
from .loopback import refuse_other_sites
from .office import Office
from .state import Record

_NORWAY = ZoneInfo("Europe/Oslo")
_SHOWN = 50
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"


class _Act(NamedTuple):
    """Something a person does to one thing; `done` is said afterwards."""

    do: Callable[[str, str], object]
    done: str


def create(office: Office, desk: Desk) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("front", __name__, url_prefix="/simulator", template_folder="templates")
    routes.before_request(refuse_other_sites)
    acts: Mapping[str, _Act] = {
        "send-order": _Act(lambda key, client: desk.send_order(key, client=client), "Sendt og bokført."),
        "delete-order": _Act(lambda key, client: desk.delete_order(key, client=client), "Utkastet er slettet."),
        "pay": _Act(lambda key, client: desk.pay(int(key), client=client), "Betalingen er bokført."),
        "post-draft": _Act(lambda key, client: desk.post_draft(key, client=client), "Bilaget er bokført."),
        "delete-draft": _Act(lambda key, client: desk.delete_draft(key, client=client), "Bilaget er slettet."),
        "reverse": _Act(lambda key, client: desk.reverse_voucher(key, client=client), "Bilaget er tilbakeført."),
    }

    @routes.get("")
    @routes.get("/")
    def show() -> Response:
        done = acts.get(request.args.get("gjort", ""))
        return _page(office, desk, done.done if done else "", "")

    @routes.post("/act")
    def act() -> Response:
        name, key = request.form.get("act", ""), request.form.get("key", "")
        if name not in acts:
            return _page(office, desk, "", "Simulatoren kjenner ikke denne handlingen.", 400)
        try:
            acts[name].do(key, _client(office))
        except (LookupError, ValueError) as error:
            return _page(office, desk, "", str(error.args[0]), 400)
        # Seen again by GET, so that reloading the page does nothing twice.
        return redirect(url_for("front.show", klient=request.form.get("klient"), gjort=name), 303)

    return routes


def _page(office: Office, desk: Desk, done: str, wrong: str, status: int = 200) -> Response:
    client = _client(office)
    with office.state.lock:
        rows = office.state.rows
        orders, invoices, drafts, vouchers = (
            sorted(found, key=lambda row: str(row["CreatedDateTimeOffset"]), reverse=True)
            for found in (desk.orders(client), desk.invoices(client), desk.drafts(client), desk.vouchers(client))
        )
        shown = [*orders[:_SHOWN], *invoices[:_SHOWN]]
        html = render_template(
            "front.html",
            clients=list(rows("", "client").values()),
            client=rows("", "client")[client],
            arrived={"orders": orders, "invoices": invoices, "drafts": drafts, "vouchers": vouchers},
            most=_SHOWN,
            names={row["Number"]: row["Name"] for row in rows(client, "customer").values()},
            accounts={row["Id"]: row for row in rows(client, "account").values()},
            by_number={row["AccountNo"]: row["Name"] for row in rows(client, "account").values()},
            codes={row["Id"]: row["Code"] for row in rows(client, "vat").values()},
            vat_names={row["Code"]: row["Name"] for row in rows(client, "vat").values()},
            attachments={row["Id"]: desk.attachments(row["Id"], client=client) for row in shown},
            trial_balance=desk.trial_balance(client),
            vat_return=desk.vat_return(client),
            customer_ledger=desk.customer_ledger(client),
            done=done,
            wrong=wrong,
            kroner=kroner,
            day=_day,
            moment=_moment,
            sides=_sides,
        )
    return Response(html, status, {"Content-Security-Policy": _POLICY}, content_type="text/html; charset=utf-8")


def _client(office: Office) -> str:
    """Return the client key of the client whose Id is in the request, or of the first."""
    clients = office.state.rows("", "client")
    named = request.values.get("klient")
    return next((key for key, row in clients.items() if row["Id"] == named), next(iter(clients)))


def kroner(amount: Decimal) -> str:
    """Return an amount as people write it in Norway: 1 234,50, with a real minus sign."""
    return f"{ore(Decimal(amount)):,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


def _day(text: str | None) -> str:
    return date.fromisoformat(text).strftime("%d.%m.%Y") if text else ""


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(_NORWAY).strftime("%d.%m.%Y kl. %H.%M")


def _sides(draft: Record) -> list[Record]:
    """Return the lines of a journal entry voucher as those of a direct one: one account each, with its sign."""
    return [
        {
            "AccountId": line[f"{side}AccountId"],
            "VatId": line[f"{side}VatId"],
            "CurrencyAmount": sign * Decimal(line["CurrencyAmount"] or 0),
            "Description": line["Description"],
        }
        for line in draft["ManualVoucherLines"] or []
        for side, sign in (("Debit", 1), ("Credit", -1))
        if line[f"{side}AccountId"] is not None
    ]
