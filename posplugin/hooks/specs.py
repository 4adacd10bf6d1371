"""The hooks: what a till calls in its payment plugins, and what each side promises.

Every hook takes one frozen object. A business "no" is a result, never an exception. Any hook may be called from
any thread, several at once; a till that is asynchronous calls them in a thread, and a hook is never a coroutine.
A hook waits at most 800 ms for a lock and then raises; whatever a hook raises means "unknown" to the till.

A plugin is an object with some of these methods marked `hookimpl`, a `contract_version` (major, minor), and an entry
point in the group `pos_terminal` that names a function making it without arguments.
"""

# A specification has no body, only a promise.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from posplugin.domain.payment import (
    Authorization,
    ChannelStatus,
    CustomerMatch,
    CustomerSearch,
    PaymentChannel,
    PaymentRequest,
    PaymentVoid,
    Refusal,
    Startup,
    Terminal,
)
from posplugin.domain.zreport import ZReport

#: pluggy's project name and the entry-point group: neutral, since the till is the host.
PROJECT = "pos_terminal"
#: The contract in this file. Another major version is refused; a minor one only adds.
CONTRACT = (1, 2)

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class PosTerminalSpec:
    """Every hook there is."""

    @hookspec
    def pos_startup(self, startup: Startup) -> None:
        """Get ready. Called once, after loading and before any other hook, on the till's starting thread.

        `startup.outcome(ref)` asks the till's journal what became of a payment (FINAL, ABANDONED, UNKNOWN), so that
        what a crash left behind is settled here. A sender that lives in the till starts here, on its own thread.
        May raise: the till then goes on without this plugin and says why.
        """

    @hookspec
    def pos_payment_channels(self, terminal: Terminal) -> Sequence[PaymentChannel]:
        """Return the payment buttons that this plugin owns. Called at start, after `pos_startup`; may be repeated.

        A channel id has one owner: a plugin that claims another's is refused whole. Raising means no buttons.
        """

    @hookspec
    def pos_find_customers(self, search: CustomerSearch) -> Sequence[CustomerMatch]:
        """Return customers to pick, best first, while the cashier types. No network. Raising means an empty list.

        Since 1.1 `search.department` is the sale's own: departments may have other customers. A match tells what the
        customer may still be invoiced, and the reference that goes on the invoice when the cashier enters none.
        """

    @hookspec
    def pos_authorize_payment(self, request: PaymentRequest) -> Authorization | Refusal:
        """Promise the payment, or refuse it with a sentence. Called before the sale is final, for own channels only.

        An `Authorization` is on disk when it is returned. The same facts again give the same answer; the same
        reference with other facts is refused. Refusals are not stored. When it raises, hangs or answers anything
        else, the till treats it as refused and voids.
        """

    @hookspec
    def pos_capture_payment(self, request: PaymentRequest) -> bool:
        """Carry the payment out. Called after the till made the sale final, with the same request; True when kept.

        Repeatable for ever: the till repeats it until it gets True, also after restarts. Never refuses: a missing
        record is made anew, and a payment that had been voided waits for a person. May raise; the till repeats.
        """

    @hookspec
    def pos_void_payment(self, void: PaymentVoid) -> None:
        """Let the payment go. Called when the sale will not be final, also after an authorize that raised.

        Repeatable, and harmless for a payment never heard of: a late authorize of it is then refused. May raise;
        the plugin then asks `startup.outcome` at its next start.
        """

    @hookspec
    def pos_day_closed(self, z_report: ZReport) -> bool:
        """Keep the day's totals. Called after the Z was made, until it returns True; durable when it does.

        The same report again is True again; another report of the same terminal and number raises. A report that does
        not add up is kept as well, and waits for a person. Since 1.2 a report names money put in and taken out
        (`movements`), the tax authority's codes, and a number that is no number; `invoiced` is None from a till that
        cannot tell its invoice payments.
        """

    @hookspec
    def pos_channel_status(self, terminal: Terminal) -> Sequence[ChannelStatus]:
        """Return a lamp, a sentence and notices per channel. Called every few seconds; no network, quick."""

    @hookspec
    def pos_shutdown(self, terminal: Terminal) -> None:
        """Stop within seconds, whatever the network does. Called once, last."""
