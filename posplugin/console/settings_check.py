"""Test connection, and the check of the whole set-up, asked for by a person."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Blueprint, Response, request, url_for

from posplugin.accounting_system import Finding
from posplugin.app import App
from posplugin.checking import Said, said
from posplugin.console.page import all_words, back_to, language, render, say, words
from posplugin.domain.fault import PROVES_NOTHING
from posplugin.domain.look import Look
from posplugin.logs import get_logger
from posplugin.texts import details

log = get_logger("console")


@dataclass(slots=True)
class LastCheck:
    """What the latest check found; one at a time."""

    findings: Sequence[Finding] = ()
    at: datetime | None = None
    running: threading.Lock = field(default_factory=threading.Lock, repr=False)


def add_to(routes: Blueprint, app: App) -> None:
    """Add what the buttons do, and the page at /settings/check."""
    last = LastCheck()

    @routes.post("/settings/test")
    def test_connection() -> Response:
        test(app)
        return back_to(url_for("settings.show"))

    @routes.get("/settings/check")
    def checked() -> str:
        lines = [in_words(finding) for finding in last.findings]
        faults = {finding.fault for finding in last.findings if finding.fault}
        return render(
            "settings_check.html",
            page="settings",
            at=last.at,
            wrong=[line for line in lines if not line.ok],
            right=[line for line in lines if line.ok],
            proves_nothing=bool(faults) and not faults - PROVES_NOTHING,
        )

    @routes.post("/settings/check")
    def check() -> Response:
        if last.running.acquire(blocking=False):
            try:
                _check(app, last, draft="no_draft" not in request.form)
            finally:
                last.running.release()
        else:
            say(words().settings.checking_now, refused=True)
        return back_to(url_for("settings.checked"))


def test(app: App) -> None:
    """Ask PowerOffice by the settings as they are now, and say on the next page what it answered."""
    app.settings_now()
    text = words().settings
    for finding in app.office().test_connection():
        if finding.look is Look.CONNECTION and finding.ok:
            say(text.connection_ok.format_map(finding.facts))
        elif not finding.ok:
            line = in_words(finding)
            log.info("no_connection", fault=line.number)
            number = text.fault.format(number=line.number)
            say(f"{number}, {line.what}: {line.text} {line.remedy}", refused=True)


def in_words(finding: Finding) -> Said:
    """Return a finding in the language of the page; what PowerOffice said stays as it said it."""
    told = finding.facts.get("words")
    if isinstance(told, str):
        finding = replace(finding, facts={**finding.facts, "words": details.in_words(told, language())})
    return said(finding, all_words())


def _check(app: App, last: LastCheck, *, draft: bool) -> None:
    app.settings_now()
    last.findings, last.at = app.office().check(draft=draft), app.clock()
    log.info("checked", faults=[finding.fault.value for finding in last.findings if finding.fault])
