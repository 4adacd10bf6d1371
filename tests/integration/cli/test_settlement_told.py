"""What is told of settlements that are not on their way, were taken back, or will be held back; of what a run did."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from posplugin.domain.payment import PaymentRef
from posplugin.outbox.reference import code_in
from posplugin.simulator import Simulator
from tests.integration.cli.settling_till import Run, change, close_day, flat, record_of, sell, switch_off, switch_on

PAYMENTS = [PaymentRef("till-1", "s999", "1")]


@pytest.mark.parametrize("command", [("status",), ("settlement", "preview")])
def test_what_was_kept_while_settlements_were_off_is_told_with_the_command_that_posts_it(
    till: Run, command: tuple[str, ...]
) -> None:
    """How many, of which days; the command is the one that does it, and then nothing is told any more."""
    switch_off()
    now = datetime.now(UTC)
    first, last = (close_day(number, at=now - timedelta(days=4 - number)).business_date for number in (1, 2))
    told = f"ikke på vei: 2 ({first:%d.%m.%Y}–{last:%d.%m.%Y})."
    posts = f"send --kind settlement --from {first} --to {last}"
    assert f"{told} Slik føres alle, når dagsoppgjør er slått på: posplugin {posts}" in flat(till(*command)[1])

    switch_on()
    out = till(*command)[1]
    assert f"{told} Slik føres alle: posplugin {posts}" in flat(out)
    assert f"   posplugin {posts}" in out.splitlines()
    aside = json.loads(till("status", "--json")[1])["z_reports_not_on_their_way"]
    assert aside == {"count": 2, "first": first.isoformat(), "last": last.isoformat()}

    assert till(*posts.split())[0] == 0
    assert "ikke på vei" not in flat(till(*command)[1])
    assert json.loads(till("status", "--json")[1])["z_reports_not_on_their_way"] is None


def test_one_that_says_so_itself_is_told_once(till: Run) -> None:
    switch_off()
    close_day(42)

    assert flat(till("settlement", "preview")[1]).count("ikke på vei") == 1


def test_what_lies_before_the_first_day_of_the_settings_was_booked_otherwise(till: Run) -> None:
    switch_off()
    close_day(1, at=datetime.now(UTC) - timedelta(days=9))
    switch_on()
    change(enabled_since=f"{datetime.now(UTC) - timedelta(days=5):%Y-%m-%d}")

    assert "ikke på vei" not in flat(till("status")[1])


def test_one_that_was_taken_back_turns_the_lamp_yellow_until_it_is_posted_anew_or_let_go(till: Run) -> None:
    """The notice has the commands for both."""
    for number, last in ((42, "retry"), (43, "discard")):
        close_day(number, at=datetime.now(UTC) + timedelta(seconds=number))
        till("send")
        till("check")
        assert till("status")[1].startswith("GRØNN")
        assert till("settlement", "reverse", f"Z {number}", "--why", "feil konto", "--yes")[0] == 0
        code = code_in(record_of(till, f"Z {number}")["reference"])

        out = flat(till("status")[1])
        assert out.startswith(f"GUL till-1: Dagsoppgjør som er tilbakeført og ikke ført på nytt: Z {number}. Skal det")
        assert f"kjør `posplugin outbox retry {code}`" in out
        assert f"kjør `posplugin outbox discard {code}`" in out
        assert f"Dagsoppgjør Z {number}" in till("settlement", "preview")[1]

        assert till("outbox", last, code, *(("--how", "ført for hånd", "--yes") if last == "discard" else ()))[0] == 0
        assert "ikke ført på nytt" not in flat(till("status")[1])
    assert record_of(till, "Z 43")["status"] == "discarded"


def test_where_settlements_are_off_none_is_posted_anew_and_the_lamp_names_what_waits_for_it(
    till: Run, simulator: Simulator
) -> None:
    """It stood in the books, and stands nowhere: switched off, nothing is promised, and nothing is green."""
    back = ("settlement", "reverse", "Z 42", "--why", "feil konto", "--yes")
    close_day(42)
    till("send")
    switch_off()
    code, _, err = till(*back, "--again")
    assert (code, err.startswith("dagsoppgjør er slått av: gi avdelingen kontoer i [ledger]")) == (2, True)
    assert len(simulator.vouchers()) == 1
    assert till(*back)[0] == 0
    assert till("outbox", "retry", "Z 42")[0] == 2

    switch_on()
    assert till("outbox", "retry", "Z 42")[0] == 0
    till("check")
    assert "slått av" not in till("status")[1]
    switch_off()
    till("check")
    out = flat(till("status")[1])
    assert out.startswith("GUL till-1: Dagsoppgjør er slått av, så disse blir ikke ført på nytt: Z 42. Slå det på")


def test_a_draft_that_was_deleted_is_headed_as_such(till: Run) -> None:
    change(posting='"draft"')
    close_day(42)
    till("send")
    till("settlement", "reverse", "Z 42", "--why", "feil", "--yes")

    assert "\nVar kladd i PowerOffice, og ble slettet " in till("settlement", "preview")[1]


def test_a_locked_period_is_seen_before_anything_is_sent(till: Run, simulator: Simulator) -> None:
    close_day(42)
    simulator.set_lock_date(datetime.now(UTC).date() + timedelta(days=2))

    code, out, _ = till("send", "--dry-run")

    assert (code, "Z 42: ville blitt holdt tilbake (period_locked): Perioden er låst" in flat(out)) == (3, True)
    assert "er låst: regnskapet er lukket til og med" in flat(out)
    assert "Et dagsoppgjør ser neste kjøring på igjen av seg selv" in flat(out)


def test_while_settlements_are_off_a_dry_run_says_that_they_are_not_sent(till: Run) -> None:
    close_day(42)
    switch_off()

    code, out, err = till("send", "--dry-run")

    assert (code, "Z 42: dagsoppgjør er slått av (settlement.enabled)" in out) == (0, True)
    assert err == "0 ville blitt sendt, 1 ikke ennå: se over. Ingenting er sendt.\n"


def test_a_payment_of_the_z_is_named_by_all_that_is_known_of_it(till: Run) -> None:
    """Receipt, amount and where it stands; of one that never came here there is but its id."""
    sold = [sell("101"), sell("102", 12345)]
    close_day(42, invoiced=[sold[0], *PAYMENTS], at=datetime.now(UTC) + timedelta(seconds=1))
    close_day(43, invoiced=[sold[0]], at=datetime.now(UTC) + timedelta(seconds=2))

    out = flat(till("settlement", "preview")[1])

    assert "I Z-en, og ikke hos oss: till-1/s999/1: aldri meldt hit, så nota og beløp står bare i kassen" in out
    assert "I denne Z-en, og i en annen Z også: Nota 101 (till-1/101/1) 300,00: Venter på å bli sendt" in out
    assert "Hos oss, og ikke i noen Z: Nota 102 (till-1/102/1) 123,45" in out


@pytest.mark.parametrize(("language", "words"), [("nb", "Z-rapport lagt ved (1)"), ("en", "Z report attached (1)")])
def test_what_was_done_after_the_delivery_is_named(till: Run, language: str, words: str) -> None:
    change(language=f'"{language}"')
    close_day(42)

    out = till("send")[1]

    assert words in out
    assert "faktura" not in out
    assert "invoice" not in out


def test_a_ledger_is_not_copied_onto_itself(till: Run) -> None:
    for words in ("bar", "bar"), ("bar", "bar", "--replace"):
        code, _, err = till("ledger", "copy", *words)

        assert (code, "«bar» kan ikke kopieres til seg selv" in flat(err)) == (2, True)
