"""The runs: what was done and when, the picture of the last days, and a run that is begun from the page."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from posplugin.app import App
from posplugin.console.run_words import duration
from posplugin.outbox.lifecycle import Status
from posplugin.sender.lock import only_sender
from posplugin.simulator import Simulator
from posplugin.texts import texts
from tests.integration.console.visitor import Visitor, seen
from tests.integration.sender.shop import SETTLES, OpenShop, Shop


def wait_for(visitor: Visitor, page: str = "/runs") -> str:
    """Wait until what was begun is over; return the words on the page."""
    for _ in range(600):
        told = visitor.get(f"{page}/progress").get_json()
        if not told["running"]:
            return visitor.sees(page)
        time.sleep(0.02)
    raise AssertionError("it goes on and on")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Runs wait, under way, until the event is set."""
    released, send = threading.Event(), App.send

    def slow(self: App, cause: str, **how: Any) -> Any:
        if progress := how.get("progress"):
            progress(3, 7)
        released.wait(20)
        return send(self, cause, **how)

    monkeypatch.setattr(App, "send", slow)
    return released


def test_without_a_run_it_says_so_and_when_the_next_is(visitor: Visitor) -> None:
    told = visitor.sees("/runs")
    assert "Ingen kjøring ennå." in told
    assert "Neste kjøring. Ingenting sendes av seg selv før oppsettet er sjekket." in told


def test_the_next_run_of_each_plan_is_told(shops: OpenShop) -> None:
    shop = shops(**SETTLES | {"settlement": '[settlement.schedule]\ntime = "04:00"'})
    shop.app.office().check()
    told = Visitor(shop.app).sees("/runs")
    assert re.search(r"Fakturaer og kreditnotaer: \d\d\.\d\d\.\d{4} 0[67]:\d\d\. Dagsoppgjør: ", told), told


def test_with_the_schedule_off_it_says_that_nothing_goes_by_itself(shops: OpenShop) -> None:
    told = Visitor(shops(schedule="automatic = false").app).sees("/runs")
    assert "Sendes bare for hånd" in told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Til fast tid ✓ Ferdig Levert 2 Venter 0 Trenger hjelp 0"),
        ("en", "By the schedule ✓ Done Delivered 2 Waiting 0 Needs help 0"),
    ],
)
def test_a_run_is_told_with_its_cause_and_what_came_of_it(
    shop: Shop, visitor: Visitor, language: str, words: str
) -> None:
    shop.evening(2)
    shop.app.send("schedule")
    visitor.post("/language", {"language": language})

    row = visitor.get("/runs").text.split('class="stack brief"')[1]
    labelled = re.sub(r'<td[^>]*data-label="([^"]*)"[^>]*class="n"[^>]*>', r"\1 ", row)
    labelled = re.sub(r'<td[^>]*class="n" data-label="([^"]*)">', r"\1 ", labelled)
    assert words in " ".join(re.sub(r"<[^>]+>", " ", labelled).split())


def test_a_run_that_stopped_says_in_words_what_stopped_it(shop: Shop, go: Simulator, visitor: Visitor) -> None:
    shop.sell("1")
    go.fault("drop-before")
    shop.send()
    told = visitor.sees("/runs")
    assert "! Stoppet PowerOffice " in told


def test_only_the_newest_run_can_go_on_yet(shop: Shop, visitor: Visitor) -> None:
    """It may wait for its next pass, or have died: so no more is said of it than that it is not finished."""
    first = shop.app.runs.begin("schedule")
    told = visitor.sees("/runs")
    assert "… Ikke ferdig" in told
    shop.app.runs.begin("schedule")
    told = visitor.sees("/runs")
    assert "… Ikke ferdig" in told
    assert "– Ble aldri ferdig" in told
    assert "– Ble aldri ferdig" in visitor.sees(f"/runs?before={first + 1}")
    with only_sender(shop.app.database.path):
        told = visitor.sees("/runs")
    assert "Et annet program sender fra denne køen akkurat nå." in told


@pytest.mark.parametrize(
    ("seconds", "nb", "en"),
    [(-5, "0 s", "0 s"), (7.4, "7 s", "7 s"), (125, "2 min 5 s", "2 min 5 s"), (11_040, "3 t 4 min", "3 h 4 min")],
)
def test_how_long_a_run_took_is_told_in_words(seconds: float, nb: str, en: str) -> None:
    span = timedelta(seconds=seconds)
    assert (duration(span, texts("nb").console.runs), duration(span, texts("en").console.runs)) == (nb, en)


def test_what_interrupted_a_run_is_told_in_words(shop: Shop, visitor: Visitor) -> None:
    run = shop.app.runs.begin("settlement_catch_up")
    shop.app.runs.finish(run, "stopped", delivered=0, waiting=0, attention=0, detail="interrupted by OSError")
    assert "Dagsoppgjør, etter oppsatt tid ! Stoppet avbrutt av OSError" in visitor.sees("/runs")
    visitor.post("/language", {"language": "en"})
    assert "Settlements, after their time ! Stopped interrupted by OSError" in visitor.sees("/runs")


def test_runs_are_paged_by_key(shop: Shop, visitor: Visitor) -> None:
    for number in range(60):
        run = shop.app.runs.begin("hand")
        shop.app.runs.finish(run, "done", delivered=1000 + number, waiting=0, attention=0)

    pages, path = [], "/runs"
    for _ in range(3):
        page = visitor.get(path).text
        pages.append([int(found) for found in re.findall(r">(10\d\d)</td>", page)])
        older = re.search(r'href="(/runs\?before=\d+)" rel="next"', page)
        path = older[1] if older else ""

    assert path == ""
    assert [number for page in pages for number in page] == [*range(1059, 999, -1)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert visitor.get("/runs?before=x'").status_code == 400


# -- the picture ---------------------------------------------------------------------------------------------------


def test_the_picture_counts_what_stood_where_when_each_day_ended(shop: Shop, go: Simulator) -> None:
    go.archive_customer(10003)
    shop.ahead = -timedelta(days=3)
    shop.evening(2)  # wait over night
    shop.sell("x", customer=10003)
    shop.ahead = -timedelta(days=2)
    shop.send()  # two delivered, one held back
    shop.ahead = timedelta(0)
    shop.sell("today")
    page = Visitor(shop.app).get("/runs").text

    assert 'aria-label="De siste 60 dagene: 2 levert. Nå: 1 på vei, 1 trenger et menneske og er ikke levert."' in page
    table = re.findall(r'<tr><th scope="row">(\S+)</th>((?:<td class="n">\d+</td>)+)</tr>', page)
    rows = {day: [int(n) for n in re.findall(r">(\d+)<", cells)] for day, cells in table}
    zone = shop.app.settings.terminal.timezone

    def day(ago: int) -> str:
        return f"{(shop.clock() - timedelta(days=ago)).astimezone(zone):%d.%m.%Y}"

    assert len(rows) == 60
    assert rows[day(4)] == [0, 0, 0, 0]
    assert rows[day(3)] == [0, 3, 0, 0]
    assert rows[day(2)] == [2, 0, 1, 1]
    assert rows[day(1)] == [0, 0, 1, 0]
    assert rows[day(0)] == [0, 1, 1, 0]


def test_the_picture_is_drawn_without_styles_and_each_day_says_its_count(shop: Shop, visitor: Visitor) -> None:
    shop.evening(3)
    shop.send()
    page = visitor.get("/runs").text
    assert page.count("<svg ") == 3
    assert "style=" not in page
    assert re.search(r"<title>\d\d\.\d\d\.\d{4}: 3</title>.*?height=\"20.0\"", page)
    assert page.count('<rect class="bar"') == 1


# -- a run from the page -------------------------------------------------------------------------------------------


def test_send_now_sends_and_says_what_came_of_it(shop: Shop, visitor: Visitor) -> None:
    shop.evening(2)
    assert visitor.post("/runs/send").status_code == 303
    told = wait_for(visitor)

    assert "2 levert, 0 venter, 0 trenger et menneske." in told
    assert "For hånd ✓ Ferdig" in told
    assert shop.statuses() == {Status.DELIVERED}
    assert visitor.post("/runs/send").status_code == 303
    assert "Ikke noe nytt å sende." in wait_for(visitor)


def test_while_it_sends_the_page_and_the_progress_say_how_far_it_has_come(
    shop: Shop, visitor: Visitor, held: threading.Event
) -> None:
    shop.sell("1")
    page = visitor.post("/runs/send", follow_redirects=True).text
    try:
        for _ in range(200):
            told = visitor.get("/runs/progress").get_json()
            if told["of"]:
                break
            time.sleep(0.01)
        page = visitor.get("/runs").text
        assert told == {"running": True, "done": 3, "of": 7, "text": "3 av 7"}
        assert '<progress aria-labelledby="under-way" max="7" value="3">' in page
        assert "static/progress.js" in page
        assert "Noe er i gang herfra allerede." in visitor.does("/runs/send")
        assert "Noe er i gang herfra allerede." in visitor.does("/runs/follow")
    finally:
        held.set()
    assert "1 levert, 0 venter" in wait_for(visitor)
    assert visitor.get("/runs/progress").get_json()["running"] is False
    assert "progress.js" not in visitor.get("/runs").text


def test_what_another_process_sends_is_told_in_words(shop: Shop, visitor: Visitor) -> None:
    shop.sell("1")
    with only_sender(shop.app.database.path):
        visitor.post("/runs/send")
        told = wait_for(visitor)
    assert "Det gikk ikke. en annen prosess sender fra denne køen akkurat nå" in told
    visitor.post("/language", {"language": "en"})
    assert "another process is sending from this outbox right now" in visitor.sees("/runs")
    assert shop.record("1").status is Status.PENDING


def test_settings_that_cannot_be_read_any_more_are_told(shop: Shop, visitor: Visitor) -> None:
    shop.config.write_text("[terminal\n")
    visitor.post("/runs/send")
    assert "Det gikk ikke." in wait_for(visitor)


def test_what_nobody_expected_is_logged_and_told_without_a_trace(
    shop: Shop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setattr(App, "send", crash)
    visitor.post("/runs/send")
    told = wait_for(visitor)
    assert "Det oppsto en feil i programmet." in told
    assert "secret" not in told
    assert "errand_crashed" in caplog.text


def test_a_run_that_is_stopped_by_poweroffice_says_why_in_its_own_words(
    shop: Shop, go: Simulator, visitor: Visitor
) -> None:
    shop.sell("1")
    go.fault("drop-before")
    visitor.post("/runs/send")
    told = wait_for(visitor)
    assert "Stoppet:" in told
    assert "0 levert, 1 venter" in told


def test_the_preview_shows_the_requests_and_sends_nothing(shop: Shop, go: Simulator, visitor: Visitor) -> None:
    shop.sell("1001", 12500)
    shop.sell("1002", 4500, customer=10003)
    go.archive_customer(10003)
    told = seen(visitor.post("/runs/preview"))

    assert "Dette ville blitt sendt nå" in told
    assert "Ingenting er sendt." in told
    assert '"CustomerNo": 10002,' in told
    assert "1001 Faktura" in told
    assert shop.posts() == 0
    assert shop.statuses() == {Status.PENDING}
    assert visitor.get("/runs/preview").status_code == 303


def test_the_preview_of_nothing_says_so_and_of_many_shows_the_oldest(
    shop: Shop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Ingenting venter på å bli sendt." in seen(visitor.post("/runs/preview"))
    monkeypatch.setattr("posplugin.console.runs.MOST_PREVIEWED", 2)
    shop.evening(3)
    assert "De 2 eldste av 3 er med." in seen(visitor.post("/runs/preview"))


def test_what_has_happened_in_poweroffice_is_asked_from_the_page(shop: Shop, go: Simulator, visitor: Visitor) -> None:
    shop.evening(1)
    shop.send()
    go.send_order(str(shop.record("1").accounting_id))
    assert "Aldri gjort ennå." in visitor.sees("/runs")
    visitor.post("/runs/follow")
    told = wait_for(visitor)

    assert "1 fulgt opp, 1 med nytt." in told
    assert "Sist: " in told
    assert shop.record("1").invoice_number


def test_what_the_till_sells_meanwhile_is_no_news_of_poweroffice(
    shop: Shop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow = App.follow

    def slow(self: App) -> list[str]:
        shop.sell("2")
        return follow(self)

    monkeypatch.setattr(App, "follow", slow)
    shop.sell("1")
    shop.send()
    visitor.post("/runs/follow")
    assert "1 fulgt opp, 0 med nytt." in wait_for(visitor)


def test_poweroffice_that_cannot_be_asked_is_told(shop: Shop, go: Simulator, visitor: Visitor) -> None:
    shop.evening(1)
    shop.send()
    go.fault("drop-before")
    shop.later(timedelta(hours=2))
    visitor.post("/runs/follow")
    assert "Det gikk ikke." in wait_for(visitor)


@pytest.mark.parametrize("path", ["/runs/send", "/runs/follow", "/runs/preview"])
def test_a_run_is_begun_from_our_own_pages_alone(shop: Shop, visitor: Visitor, path: str) -> None:
    shop.sell("1")
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert visitor.post(path, headers=headers).status_code == 403
    assert visitor.get("/runs/progress").get_json()["running"] is False
    assert shop.posts() == 0


def test_progress_is_told_to_nobody_outside(shop: Shop) -> None:
    assert Visitor(shop.app, inside=False).get("/runs/progress").status_code == 403


def test_a_run_ends_with_the_console(
    shop: Shop, visitor: Visitor, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread has a connection of its own, and hears that the app is to stop."""
    heard: list[bool] = []
    original: Callable[..., Any] = App.send

    def send(self: App, cause: str, **how: Any) -> Any:
        heard.append(self.stopping is shop.app.stopping and self.database is not shop.app.database)
        return original(self, cause, **how)

    monkeypatch.setattr(App, "send", send)
    shop.sell("1")
    visitor.post("/runs/send")
    shop.app.stopping.set()
    held.set()
    wait_for(visitor)
    assert heard == [True]
    assert shop.posts() == 0


def test_a_connection_of_its_own_shares_the_pace(shop: Shop) -> None:
    """PowerOffice's limit is by subscription key, whoever asks."""
    with shop.app.apart() as own:
        assert own._pacers is shop.app._pacers
        assert own.stopping is shop.app.stopping
        assert own.database is not shop.app.database
