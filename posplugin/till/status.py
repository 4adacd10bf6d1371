"""A lamp for the till: can the cashier go on, and does anything need a person?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import ChannelStatus, Light, RefusalCode
from posplugin.domain.sale import INVOICE
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.disk import little_room
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.reference import code_in
from posplugin.outbox.runs import RunLog
from posplugin.outbox.store import Outbox
from posplugin.settings import fingerprint
from posplugin.settings.clients import go_clients
from posplugin.settings.model import Settings
from posplugin.texts import ChannelText, details, texts
from posplugin.texts.refused import in_words

#: The note in the outbox that holds the fingerprint of the settings for which `check` has passed.
CHECK_PASSED = "check_passed"
#: The note that names the Z which was refused last, and how long that is told.
Z_REFUSED = "z_refused"
REFUSED_FOR = timedelta(days=3)


#: The law wants an invoice within a month of delivery.
LATE_AFTER = timedelta(days=14)
#: A receipt to attach or an invoice to send is done within the night's run.
UNFINISHED_AFTER = timedelta(days=2)
#: It is asked every night where everything stands.
UNFOLLOWED_AFTER = timedelta(days=3)
#: So many settlements that were taken back are named, the newest ones.
_NAMED = 3
_ORDER = (Light.RED, Light.YELLOW, Light.GREEN)
_SETTLEMENTS = frozenset({RecordKind.SETTLEMENT})
_INVOICES = frozenset(RecordKind) - _SETTLEMENTS

#: When a document of a kind that came then should have been sent, by its plan.
DueBy = Callable[[RecordKind, datetime], datetime | None]


def check_has_passed(outbox: Outbox, settings: Settings) -> bool:
    """Whether `check` has passed for the settings as they are now; automatic sending stays off until it has."""
    note = outbox.note(CHECK_PASSED)
    return note is not None and note[0] == fingerprint(settings)


def channel_status(
    settings: Settings,
    outbox: Outbox,
    customers: CustomerRegister,
    runs: RunLog,
    *,
    now: datetime,
    due_by: DueBy,
    next_run: datetime | None = None,
    followed: datetime | None = None,
    language: str | None = None,
    unreadable: bool = False,
) -> ChannelStatus:
    """Return green, yellow or red with a sentence, and a notice for each thing that somebody should look at.

    What `due_by` says should have been sent by now is told, whatever kept it. `followed` is when it was last asked
    where everything stands. Settlements do not wait where they are switched off, but for those to be posted anew. It is
    said in `language`, the cashier's unless told. `unreadable`: the file cannot be read as it is now, and `settings`
    are those that were read last.
    """
    spoken = language or settings.terminal.language
    t = texts(spoken)
    gone = [(Light.RED, t.channel.settings_unreadable.format(path=settings.path))] if unreadable else []
    found = [
        *gone,
        *_late(settings, outbox, t.channel, now, due_by),
        *_notices(settings, outbox, customers, runs, now=now, language=spoken),
        *_unfollowed(settings, outbox, t.channel, now, followed),
    ]
    found.sort(key=lambda notice: _ORDER.index(notice[0]))
    counts = outbox.counts(_INVOICES | _SETTLEMENTS if _settles(settings) else _INVOICES)
    waiting = sum(counts.get(status, 0) for status in (Status.PENDING, Status.SENDING, Status.UNCERTAIN))
    light = found[0][0] if found else Light.GREEN
    when = next_run.astimezone(settings.terminal.timezone).strftime("%d.%m. %H:%M") if next_run else t.channel.by_hand
    going_well = t.channel.waiting.format(count=waiting, when=when) if waiting else t.channel.ok
    text = found[0][1] if found else going_well
    return ChannelStatus(channel_id=INVOICE, light=light, text=text, notices=tuple(notice for _, notice in found))


def _late(
    settings: Settings, outbox: Outbox, t: ChannelText, now: datetime, due_by: DueBy
) -> Iterator[tuple[Light, str]]:
    """Tell the oldest that should have been sent: an invoice counts from its sale, a settlement from its own plan."""
    late: list[tuple[Light, datetime]] = []
    for kinds in (_INVOICES, _SETTLEMENTS) if _settles(settings) else (_INVOICES,):
        oldest = outbox.oldest_waiting(kinds)
        if oldest is None:
            continue
        due = due_by(min(kinds), oldest)
        since = due if kinds is _SETTLEMENTS else oldest
        if since and now - since > LATE_AFTER:
            late.append((Light.RED, oldest))
        elif due and now > due and settings.schedule.automatic:
            late.append((Light.YELLOW, oldest))
    if late:
        light = min((light for light, _ in late), key=_ORDER.index)
        date = min(oldest for _, oldest in late).astimezone(settings.terminal.timezone).strftime("%d.%m.%Y")
        yield light, t.overdue.format(date=date)


def _settles(settings: Settings) -> bool:
    """Whether the settlements of any department are posted."""
    return any(settings.settles(name) for name in settings.departments)


def _notices(
    settings: Settings, outbox: Outbox, customers: CustomerRegister, runs: RunLog, *, now: datetime, language: str
) -> Iterator[tuple[Light, str]]:
    t = texts(language)
    yield from _disk(outbox, t.channel, language)
    invoices = settings.invoicing.enabled
    if not invoices and not _settles(settings):
        yield Light.RED, t.refusal[RefusalCode.INVOICING_OFF]
    refused = outbox.note(Z_REFUSED)
    if refused and now - refused[1] <= REFUSED_FOR:
        yield Light.RED, t.channel.z_refused.format(z=refused[0])
    if attention := len(outbox.needing_a_person()):
        yield Light.RED, t.channel.attention.format(count=attention)
    if unsent := outbox.deliveries.unsent_before(now.date() - LATE_AFTER):
        yield Light.YELLOW, t.channel.unsent.format(count=unsent, days=LATE_AFTER.days)
    if drafts := outbox.deliveries.drafts_before(now - LATE_AFTER):
        yield Light.YELLOW, t.channel.drafts.format(count=drafts, days=LATE_AFTER.days)
    if unfinished := outbox.deliveries.to_do_before(now.date() - UNFINISHED_AFTER):
        yield Light.YELLOW, t.channel.unfinished.format(count=unfinished)
    yield from _taken_back(outbox, t.channel, is_on=settings.settlement.enabled is not False)
    if not check_has_passed(outbox, settings):
        yield Light.YELLOW, t.channel.never_checked
    for run in runs.latest(finished=True):
        if run.outcome == "stopped":
            reason = details.in_words(run.detail, language).rstrip(".")
            yield Light.YELLOW, t.channel.sending_stopped.format(reason=f"{reason}.")
    for client in go_clients(settings) if invoices else ():
        synced = customers.of(client).synced()
        if synced is None:
            yield Light.YELLOW if client.name else Light.RED, t.channel.customers_never_fetched
        elif now - synced > settings.poweroffice.customers_max_age:
            yield Light.YELLOW, t.channel.customers_too_old.format(days=(now - synced).days)


def _disk(outbox: Outbox, t: ChannelText, language: str) -> Iterator[tuple[Light, str]]:
    if trouble := outbox.database.trouble():
        yield Light.RED, t.not_stored.format(words=in_words(trouble, language))
    elif warning := little_room(outbox.database.path):
        yield Light.YELLOW, t.little_room.format(words=in_words(warning, language))


def _taken_back(outbox: Outbox, t: ChannelText, *, is_on: bool) -> Iterator[tuple[Light, str]]:
    """Tell of settlements that stood in the books and stand nowhere since, the newest by name."""
    waiting = [] if is_on else outbox.settlements.to_post_anew()
    for found, sentence in ((outbox.settlements.taken_back(), t.taken_back), (waiting, t.off_and_waiting)):
        if newest := [*reversed(found)]:
            names = ", ".join(record.receipt for record in newest[:_NAMED]) + (", …" if len(newest) > _NAMED else "")
            yield Light.YELLOW, sentence.format(names=names, code=code_in(newest[0].reference))


def _unfollowed(
    settings: Settings, outbox: Outbox, t: ChannelText, now: datetime, followed: datetime | None
) -> Iterator[tuple[Light, str]]:
    since = followed or outbox.deliveries.first_followed()
    if since and now - since > UNFOLLOWED_AFTER and outbox.deliveries.count():
        date = since.astimezone(settings.terminal.timezone).strftime("%d.%m.%Y")
        yield Light.YELLOW, t.unfollowed.format(date=date)
