"""The answers the simulator can give to what nobody knows about Go."""

from __future__ import annotations

from collections.abc import Mapping

from .state import State

SWITCHES: Mapping[str, Mapping[str, str]] = {
    name: dict(zip("abcd", answers, strict=False))
    for name, *answers in (
        (
            "U1",
            "a duplicate ExternalImportReference is a 400 with the reference in its text",
            "it is a 409",
            "it is a 400 'Aggregated (multiple) Validation Exception' with the text in errors",
            "it is accepted, and a second order stands there",
        ),
        (
            "U2",
            "a duplicate ExternalImportReference of a voucher is a 400 with the reference in its text",
            "it is a 409",
            "it is a 400 'Aggregated (multiple) Validation Exception' with the text in errors",
            "it is accepted, and a second voucher is posted",
        ),
        ("U3", "a deleted draft's reference is free again", "it stays taken, though no order has it"),
        ("U4", "what was written can be read at once", "it is 404 and absent from lists for read_lag_seconds"),
        ("U5", "a 429 has the gateway's body and no header", "it has Retry-After: 1 as well", "it has an empty body"),
        (
            "U6",
            'X-Pagination is {"nextPageLink": url or ""}',
            "it is absent when there is one page",
            "it holds totals only",
        ),
        ("U7", "ProductUnitPrice is without VAT", "ProductUnitPrice is with VAT"),
        (
            "U8",
            "each line rounded to øre, VAT per rate on the sum, half up",
            "VAT rounded per line, half up",
            "lines unrounded, the total rounded",
            "as a, but half even",
        ),
        ("U9", "unknown members in a body are a 400", "unknown members are ignored"),
        ("U10", "a voucher out of balance is a 400", "it is posted, and the difference on 9999 Observasjonskonto"),
        (
            "U11",
            "a locked period, an archived customer or product, an inactive department or account is a 400",
            "it is a 404 as if it were not there",
        ),
        ("U12", "a 5xx has a ProblemDetails", "a 5xx has HTML", "a 5xx has an empty body"),
        ("U13", "bad keys are a 400 invalid_client", "they are an empty 401", "they are a 401 with the gateway's body"),
        ("U14", "a missing privilege is an empty 403", "it is a 400 'Missing privilege'"),
        ("U15", "the invoice keeps the Id of its order", "the invoice gets an Id of its own"),
        ("U16", "VoucherNo is final in the answer to a posted voucher", "it is 0 there until the voucher is read"),
        ("U17", "Go adds no invoice fee of its own when sending", "it adds one for customers with UseInvoiceFee"),
        ("U18", "an order posted without SalesOrderStatus is a Draft", "it is Confirmed"),
        (
            "U19",
            "any file may be attached",
            "one of more than 10 MB is a 413",
            "one that is no image is a 400, a PDF too",
        ),
        ("U20", "a Confirmed order may be deleted", "that is a 409 until it is Draft again"),
        ("U21", "the integration may read AccountTransactions", "it lacks that from its next token on: a 403"),
        ("U22", "timestamps in filters are exclusive and exact", "both sides are cut to whole seconds first"),
    )
}
"""Every switch with its answers; the first is the one played until another is chosen."""


class Switches:
    """The answers being played; they live in the state and so survive a restart."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __getitem__(self, name: str) -> str:
        chosen = self._state.rows("", "switch").get(name)
        return str(chosen["answer"]) if chosen else next(iter(SWITCHES[name]))

    def choose(self, name: str, answer: str) -> None:
        """Play `answer` from now on; raises ValueError listing what there is."""
        if name not in SWITCHES:
            raise ValueError(f"There is no switch {name}: the simulator has {', '.join(SWITCHES)}.")
        if answer not in SWITCHES[name]:
            listing = "; ".join(f"{letter}: {meaning}" for letter, meaning in SWITCHES[name].items())
            raise ValueError(f"{name} has no answer {answer!r}: it has {listing}.")
        with self._state.change():
            self._state.put("", "switch", name, {"answer": answer})

    def chosen(self) -> dict[str, str]:
        """Return the answer being played for every switch."""
        return {name: self[name] for name in SWITCHES}
