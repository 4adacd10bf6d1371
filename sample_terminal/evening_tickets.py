"""Who ate what on the evening of the demonstration, and how they paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: custSupID, here the PowerOffice number, to name. 99999 is on purpose no customer of anybody.
CUSTOMERS: Final = {
    "10001": "Fjellheim Entreprenør AS",
    "10002": "Bergen Havnelag AS",
    "10003": "Østlandet Revisjon AS",
    "10005": "Åse Bjørnstad",
    "10006": "Gamle Bryggen AS",
    "10007": "Den Lille Ambassade",
    "10008": "Nordlys Kor og Orkester",
    "10010": 'O\'Brien & Sønner "Import" AS',
    "99999": "Ukjent Kunde AS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A receipt to be. `pay` is kroner such as "invoice 300, card+40": +40 is a tip, the last pays what is left.

    `returns` and `voids` name another ticket by its label.
    """

    order: str
    pay: str
    customer: str | None = None
    text: str | None = None
    label: str | None = None
    returns: str | None = None
    voids: str | None = None
    training: bool = False
    #: The file has no payment for it: a credit sale says by its type that all of it is on account.
    unpaid: bool = False
    #: The tip is only a raise, and not within the payments.
    tip_beside: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that is moved without a sale: this till's local transaction type, and øre, negative when it is gone."""

    kind: str
    amount: int
    text: str


#: Wall clock to ticket; after midnight comes the next day.
TICKETS: Final = {
    "16:02": Ticket(order="2 kaffe, 2 skolebolle", pay="card"),
    "16:10": Ticket(order="1 kaffe*, 1 skolebolle*", pay="mobile"),
    "16:15": Ticket(order="1 suppe", pay="cash", training=True),
    "16:31": Ticket(order="2 burger, 2 brus", pay="cash"),
    "16:48": Ticket(order="2 pizza*, 1 brus*", pay="card"),
    "17:05": Ticket(order="1 barn, 1 burger, 1 farris, 1 pils", pay="card+30"),
    "17:12": Ticket(order="1 gavekort", pay="card"),
    "17:20": Ticket(
        order="4 suppe, 4 farris, 4 kaffe",
        pay="invoice",
        customer="10001",
        text="Deres ref: Kari Nordmann\nBestillingsnr: 4711\nFormål: Byggemøte\nDeltakere: 4 fra Fjellheim",
    ),
    "17:33": Ticket(order="2 torsk, 2 vin", pay="invoice", customer="10001"),
    "17:41": Ticket(order="3 lam, 3 pils", pay="card"),
    "17:55": Ticket(
        order="2 meny, 1 flaske, 2 kaffe", pay="invoice", customer="10002", text="Notat: Bord 12", label="havnelag"
    ),
    "18:04": Ticket(order="1 lam, 1 ipa", pay="cash"),
    "18:10": Ticket(order="1 torsk, 1 vin", pay="cash", label="feil"),
    "18:12": Ticket(order="1 torsk, 1 vin", pay="cash", voids="feil"),
    "18:20": Ticket(order="2 suppe*, 1 burger*", pay="invoice", customer="10003", unpaid=True),
    "18:33": Ticket(order="2 lam, 2 akevitt, 2 pils", pay="card+50", tip_beside=True),
    "18:45": Ticket(order="6 meny, 3 flaske, 6 kaffe", pay="invoice 3000, card+200", customer="10003"),
    "18:52": Ticket(order="2 pizza, 2 brus, 1 te", pay="mobile"),
    "19:03": Ticket(order="1 suppe, 1 brus", pay="invoice"),
    "19:10": Ticket(order="10 billett", pay="invoice", customer="10008", text="Notat: Julekonsert"),
    "19:15": Ticket(order="2 billett, 2 vin", pay="card"),
    "19:21": Ticket(order="3 burger, 3 pils", pay="invoice", customer="99999"),
    "19:28": Ticket(order="1 rom, 2 meny, 1 flaske", pay="invoice", customer="10005"),
    "19:40": Ticket(order="1 tilslørt, 1 kaffe", pay="cash"),
    "19:47": Ticket(order="2 torsk, 1 flaske", pay="invoice", customer="10006"),
    "20:05": Ticket(order="2 burger, 1 lam, 3 ipa, 1 tilslørt", pay="gift_card 400, card"),
    "20:12": Ticket(order="1 meny, 1 vin", pay="invoice", customer="10007"),
    "20:24": Ticket(
        order="12 meny, 6 flaske, 12 kaffe, 1 service",
        pay="invoice",
        customer="10010",
        text="Deres ref: Sinéad O'Brien\nNotat: Julebord <lukket selskap> & dans",
    ),
    "20:40": Ticket(order="-1 flaske", pay="invoice", customer="10002", returns="havnelag"),
    "20:55": Ticket(order="2 lam, 1 farris, 1 brus", pay="invoice 400, cash", customer="10005"),
    "21:03": Ticket(order="-1 brus", pay="cash", returns="16:31"),
    "21:15": Ticket(order="2 akevitt, 2 kaffe", pay="card"),
    "21:30": Ticket(order="4 pils, 2 ipa", pay="invoice+100", customer="10002"),
    "21:44": Ticket(order="1 pizza*, 2 brus*", pay="cash"),
    "22:01": Ticket(order="2 rom", pay="card"),
    "22:18": Ticket(order="5 pils", pay="mobile"),
    "22:37": Ticket(order="1 flaske, 2 farris", pay="card+60"),
    "23:05": Ticket(order="3 akevitt, 3 pils", pay="cash"),
    "23:40": Ticket(order="2 vin, 1 te", pay="card"),
    "23:58": Ticket(order="6 pils, 2 burger*", pay="invoice 500, card+45", customer="10008"),
    "00:12": Ticket(order="2 pils", pay="cash"),
    "00:31": Ticket(order="1 burger*, 1 brus*", pay="mobile"),
    "00:44": Ticket(order="1 rom, 2 akevitt", pay="invoice", customer="10010", text="Deres ref: Bar"),
}

#: What is done with the drawer after the last guest.
MOVED: Final = {
    "00:52": Moved("INNSKUDD", 50000, "Vekselpenger fra banken"),
    "01:05": Moved("UTTAK", -300000, "Til nattsafe"),
    "01:10": Moved("KASSEDIFF", -3500, "Opptelling: det mangler 35,00"),
}
