"""The smallest plugin that owns Faktura: it keeps in memory what it was asked, in order. Delivers nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from posplugin.domain.payment import (
    Authorization,
    Outcome,
    PaymentChannel,
    PaymentField,
    PaymentRef,
    PaymentRequest,
    PaymentVoid,
    Receipt,
    Refusal,
    RefusalCode,
    Startup,
    Terminal,
)
from posplugin.domain.sale import INVOICE
from posplugin.domain.zreport import ZReport
from posplugin.hooks import PosHost, hookimpl

#: Customers that it refuses, by their number in PowerOffice.
REFUSED = {
    10006: (RefusalCode.CUSTOMER_ARCHIVED, "Kunden er arkivert."),
    10007: (RefusalCode.CUSTOMER_VAT_FREE, "Kunden er avgiftsfri."),
    99999: (RefusalCode.CUSTOMER_UNKNOWN, "Kunden finnes ikke."),
}


@dataclass(eq=False)
class FakeInvoicing:
    """Owns one channel. Set `captures`, `keeps_days` or `raises` to see what a till does when a plugin cannot."""

    log: list[str] = field(default_factory=list)
    captures: bool = True
    keeps_days: bool = True
    raises: bool = False
    channel: str = INVOICE
    outcome: Callable[[PaymentRef], Outcome] | None = None
    captured: dict[PaymentRef, PaymentRequest] = field(default_factory=dict)
    voided: set[PaymentRef] = field(default_factory=set)
    days: dict[int | str, ZReport] = field(default_factory=dict)

    @hookimpl
    def pos_startup(self, startup: Startup) -> None:
        """Keep the way to ask the journal."""
        self.outcome = startup.outcome

    @hookimpl
    def pos_payment_channels(self) -> list[PaymentChannel]:
        """Own the channel."""
        labels = {"nb": "Faktura", "en": "Invoice"}
        return [PaymentChannel(channel_id=self.channel, labels=labels, needs_customer=True)]

    @hookimpl
    def pos_authorize_payment(self, request: PaymentRequest) -> Authorization | Refusal:
        """Promise, or say no as a real one would."""
        self.log.append(f"authorize {request.ref.tender_id}")
        if self.raises:
            raise RuntimeError("disk")
        no = self._no(request)
        if no is not None:
            return Refusal(ref=request.ref, code=no[0], text=no[1])
        return Authorization(ref=request.ref, receipt=Receipt(title="Faktura", rows=(("Kunde", "x"),)))

    def _no(self, request: PaymentRequest) -> tuple[RefusalCode, str] | None:
        if request.ref in self.voided:
            return RefusalCode.PAYMENT_VOIDED, "Betalingen er annullert."
        if request.tender.tip:
            return RefusalCode.TIP_NOT_ALLOWED, "Tips kan ikke faktureres."
        if request.customer_number == 10001 and request.text(PaymentField.YOUR_REFERENCE) is None:
            return RefusalCode.REFERENCE_REQUIRED, "Kunden får EHF og trenger en referanse."
        return REFUSED.get(request.customer_number or 0)

    @hookimpl
    def pos_capture_payment(self, request: PaymentRequest) -> bool:
        """Keep the payment, unless told not to."""
        self.log.append(f"capture {request.ref.tender_id}")
        if self.captures:
            self.captured[request.ref] = request
        return self.captures

    @hookimpl
    def pos_void_payment(self, void: PaymentVoid) -> None:
        """Let the payment go."""
        self.log.append(f"void {void.ref.tender_id} {void.why}")
        self.voided.add(void.ref)

    @hookimpl
    def pos_day_closed(self, z_report: ZReport) -> bool:
        """Keep the Z report."""
        self.log.append(f"day {z_report.number}")
        if self.keeps_days:
            self.days[z_report.number] = z_report
        return self.keeps_days

    def load(self, terminal: Terminal, outcome: Callable[[PaymentRef], Outcome]) -> PosHost:
        """Load a host with this plugin alone."""
        return PosHost.load(terminal, outcome, plugins={"fake": self})
