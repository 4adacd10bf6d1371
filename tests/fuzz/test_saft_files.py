"""Files that say they are SAF-T: read, or refused with a sentence; nothing they name is fetched, nothing fills up.

`--hypothesis-profile=long` spoils every element in every way, a few minutes; otherwise a part, another for each.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posplugin.saft import SaftError
from posplugin.saft.settlements import DayRead
from tests.fixtures.long import IS_LONG
from tests.fuzz.saft_files import NASTY, SAMPLE, elements, read, small, spoiled, ways, written

ONE_IN = 1 if IS_LONG else 61
ROOT = Path(__file__).parents[2]
GOOD = written(small())


def _fault(path: Path) -> str | None:
    try:
        days = read(path)
    except SaftError as error:
        return None if 0 < len(str(error)) < 20_000 else "its words are without end"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:120]}"
    for day in days:
        if isinstance(day, DayRead):
            sums = [*(group.amount for group in day.z.cash.groups), *(tender.expected for tender in day.z.cash.tenders)]
            if any(abs(amount) >= 2**63 for amount in sums):
                return "an amount that no database takes"
    return None


def test_the_good_file_is_read_whole(tmp_path: Path) -> None:
    """So that the tests below spoil something."""
    path = tmp_path / "good.xml"
    path.write_bytes(GOOD)

    assert _fault(path) is None
    assert sum(isinstance(day, DayRead) for day in read(path)) >= 1
    assert len(GOOD) < SAMPLE.stat().st_size


def test_every_element_may_be_spoiled(tmp_path: Path) -> None:
    path, root, fallen, tried = tmp_path / "spoiled.xml", small(), [], 0
    for place in elements(root):
        for way, what in enumerate(ways()):
            if (way + place) % ONE_IN:
                continue
            tried += 1
            path.write_bytes(written(spoiled(root, place, way)))
            if fault := _fault(path):
                fallen.append(f"{list(root.iter())[place].tag.partition('}')[2]} {what}: {fault}")

    assert tried > 200
    assert not fallen, f"{len(fallen)} of {tried}:\n" + "\n".join(sorted(fallen)[:60])


@settings(max_examples=3000 if IS_LONG else 40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4
    ),
    end=st.integers(0, len(GOOD) * 3),
)
def test_bytes_may_be_changed_and_missing(tmp_path: Path, cuts: list[tuple[int, int, bytes]], end: int) -> None:
    content = GOOD
    for at, length, instead in cuts:
        content = content[:at] + instead + content[at + length :]
    path = tmp_path / "torn.xml"
    path.write_bytes(content[:end])

    assert _fault(path) is None


_HEAD = '<?xml version="1.0" encoding="{}"?>'
_BODY = GOOD.decode().partition("?>")[2]


@pytest.mark.parametrize(
    "encoding",
    [
        *("utf-8", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-7", "utf-32", "shift_jis", "euc_jp", "gb18030"),
        *("big5", "idna", "punycode", "rot13", "hex", "zlib", "base64", "undefined", "unicode_escape", "klingon"),
        *("mbcs", "raw_unicode_escape", "cp037", "iso2022_jp", "x" * 300),
    ],
)
def test_whatever_encoding_it_says_it_has(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "coded.xml"
    for really in ("utf-8", "utf-16", "latin-1", "cp037"):
        path.write_bytes((_HEAD.format(encoding) + _BODY).encode(really, "replace"))
        assert _fault(path) is None


def _laughs(count: int) -> str:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, count))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{lines}]>'


@pytest.mark.parametrize("coded", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize(
    "doctype",
    [
        _laughs(12),
        f'<!DOCTYPE x [<!ENTITY l0 "{"ha" * 100_000}">]>',
        '<!DOCTYPE x SYSTEM "URL">',
        '<!DOCTYPE x PUBLIC "a" "URL">',
        '<!DOCTYPE x [<!ENTITY l0 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY l0 SYSTEM "URL">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "URL"> %p;]>',
        '<!DOCTYPE x [<!ATTLIST auditfile a CDATA "b">]>',
    ],
    ids=["laughs", "quadratic", "system", "public", "file", "url", "parameter", "attribute"],
)
def test_no_document_type_is_read_and_nothing_is_fetched(doctype: str, coded: str, tmp_path: Path) -> None:
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        head = _HEAD.format(coded) + doctype.replace("URL", f"http://127.0.0.1:{server.server_port}/x")
        path = tmp_path / "typed.xml"
        path.write_bytes((head + _BODY.replace("<softwareDesc>", "<softwareDesc>&l0;&l11;")).encode(coded))
        with pytest.raises(SaftError, match="DOCTYPE"):
            read(path)
        server.shutdown()
        thread.join()
    assert asked == []


_BOMBS: dict[str, Callable[[], str]] = {
    "deep": lambda: _BODY.replace("<softwareDesc>", "<a>" * 400_000),
    "deep_and_closed": lambda: _BODY.replace("<softwareDesc>", "<a>" * 200_000 + "</a>" * 200_000 + "<softwareDesc>"),
    "attributes": lambda: _BODY.replace(
        "<softwareDesc>", "<a " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/><softwareDesc>"
    ),
    "long_text": lambda: _BODY.replace("<softwareDesc>", "<softwareDesc>" + "a" * 30_000_000),
    "long_name": lambda: _BODY.replace("<softwareDesc>", f"<{'a' * 500_000}/><softwareDesc>"),
    "comments": lambda: _BODY.replace("<softwareDesc>", "<!-- -->" * 500_000 + "<softwareDesc>"),
    "instructions": lambda: _BODY.replace("<softwareDesc>", "<?a b?>" * 500_000 + "<softwareDesc>"),
    "characters": lambda: _BODY.replace("<softwareDesc>", "<softwareDesc>" + "&#38;" * 2_000_000),
    "includes": lambda: _BODY.replace(
        "<softwareDesc>",
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><softwareDesc>',
    ),
}


@pytest.mark.parametrize("bomb", _BOMBS)
def test_a_bomb_costs_little(bomb: str, tmp_path: Path) -> None:
    """In a process of its own, with no more memory than a till has: read or refused, and never killed."""
    path = tmp_path / "bomb.xml"
    path.write_text('<?xml version="1.0" encoding="utf-8"?>' + _BOMBS[bomb](), encoding="utf-8")
    code = (
        "import sys; from pathlib import Path\n"
        "from posplugin.saft import SaftError\n"
        "from tests.fuzz.saft_files import read\n"
        "try: read(Path(sys.argv[1]))\n"
        "except SaftError as error: print(len(str(error)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )

    assert done.returncode == 0, done.stderr[-500:]
    assert done.stderr == ""


def test_nasty_things_are_nasty() -> None:
    assert len(set(NASTY)) == len(NASTY)
