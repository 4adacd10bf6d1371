"""What is read of an answer, and what is refused before it can do harm."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posplugin.poweroffice.answers import read_json


def test_numbers_are_exact_and_text_is_whole() -> None:
    told = read_json(b'{"amount": 12.30, "name": "Bl\xc3\xa5 \\ud83c\\udf7a", "list": [1, null, true]}')

    assert told == {"amount": Decimal("12.30"), "name": "Blå 🍺", "list": [1, None, True]}


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "a\\uD83C b"])
def test_half_a_letter_is_made_whole(half: str) -> None:
    """No database takes one."""
    told = read_json(f'[{{"{half}": ["{half}", 1]}}]'.encode())

    ((name, (value, _)),) = told[0].items()
    assert name == value
    assert "\ufffd" in name
    name.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'"\xff"',
        b"NaN",
        b"[Infinity]",
        b"1.0e999999999",
        b"[-1e400]",
        b"1e-400",
        b"9" * 5000,
        b"[" * 200_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_answer_is_one_kind_of_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_json(body)


@pytest.mark.parametrize("body", [b"0e999999", b"0.0", b"123456789012345678.25", b"1e20"])
def test_amounts_are_within_bounds(body: bytes) -> None:
    assert read_json(b"[" + body + b"]") == [Decimal(body.decode())]
