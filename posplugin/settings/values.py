"""What one setting can be: how it is read from TOML, what is refused, how it is shown."""

from __future__ import annotations

import ipaddress
import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SecretStr,
    ValidationInfo,
)

from posplugin.domain.money import parse_kroner, require_vat_rate, to_kroner
from posplugin.domain.sale import require_id

#: More than any amount; what is larger is a slip.
_MOST_ORE = 10**14
#: A longer time reckoned from now may lie outside the calendar.
_LONGEST = timedelta(days=366)
#: PowerOffice's account numbers have far fewer digits.
_HIGHEST_ACCOUNT = 10**9
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Section(BaseModel):
    """A table of the settings: never changed, unknown keys refused, nothing guessed from another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


def _duration(value: object) -> timedelta:
    found = re.fullmatch(r"(\d{1,6})([smhd])", value) if isinstance(value, str) else None
    if not found:
        raise ValueError('write a length of time in quotes, a whole number and s, m, h or d, such as "90s" or "6h"')
    length = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    if length > _LONGEST:
        raise ValueError("give a year at most")
    return length


def duration_text(value: timedelta) -> str:
    """Write a length of time in the largest unit that it is a whole number of."""
    seconds = int(value.total_seconds())
    unit = next(unit for unit in "dhms" if seconds % _UNITS[unit] == 0 and (seconds or unit == "s"))
    return f"{seconds // _UNITS[unit]}{unit}"


def _positive(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("give more than nothing")
    return value


def _time_of_day(value: object) -> time:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('write a time of day in quotes, such as "06:00"')
    return time.fromisoformat(value)


def _told_by_every_clock(value: time) -> time:
    if value.hour == 2:
        raise ValueError(
            "choose a time outside 02:00 to 02:59: that hour is missing, or comes twice, when the clocks change"
        )
    return value


def _kroner(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError('write an amount of kroner in quotes, with a point, such as "39.00"')  # noqa: TRY004
    try:
        ore = parse_kroner(value)
    except ValueError:
        ore = 0
    if not 0 < ore < _MOST_ORE:
        raise ValueError('write kroner above zero with at most two decimals, such as "39.00"')
    return ore


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(value) if isinstance(value, str) else ZoneInfo("")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('write the name of a time zone, such as "Europe/Oslo"') from None


def _text(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("write something, or leave the setting out")
    return value


def _name(value: str) -> str:
    try:
        return require_id("it", value)
    except ValueError:
        raise ValueError("give 1 to 64 printable characters") from None


def _key(value: SecretStr) -> SecretStr:
    key = value.get_secret_value()
    if key.strip() in {"", "..."}:
        raise ValueError("put the key from PowerOffice GO here")
    # It goes into an HTTP header, where a stray blank or letter would fail far from here.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("copy the key anew: it holds blanks or letters that no key has")
    return value


def _vat_rate(value: object) -> int:
    return require_vat_rate("VAT", value)


def _account(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _HIGHEST_ACCOUNT:
        raise ValueError("give the number of an account in PowerOffice's Kontoplan, without quotes")
    return value


def _vat_code(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError('give the VAT code that PowerOffice has for it, in quotes, such as "3" or "31"')
    return value


def _loopback_url(value: str) -> str:
    refusal = 'the simulator runs on this machine alone: write an address such as "http://127.0.0.1:8900"'
    try:
        url = urlsplit(value)
        host, port = url.hostname or "", url.port
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise ValueError(refusal) from None
    if not loopback or url.scheme != "http" or "@" in url.netloc or url.path.strip("/") or url.query or url.fragment:
        raise ValueError(refusal)
    # Built anew, so that no other reader of addresses can take it for another host.
    return f"http://{f'[{host}]' if ':' in host else host}" + (f":{port}" if port else "")


def _beside_the_file(value: object, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value).strip():
        raise ValueError('write a path in quotes, such as "outbox.sqlite3"')
    folder: Path = (info.context or {})["folder"]
    return folder / Path(value).expanduser()


#: Text like "60s", "15m", "6h", "7d".
Duration = Annotated[
    timedelta, BeforeValidator(_duration), PlainSerializer(duration_text, return_type=str, when_used="json")
]
PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
#: Text like "06:00".
TimeOfDay = Annotated[
    time,
    BeforeValidator(_time_of_day),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str, when_used="json"),
]
#: A time of day that every day of the year has exactly once.
RunTime = Annotated[TimeOfDay, AfterValidator(_told_by_every_clock)]
#: Text like "39.00", held as øre, above zero.
Kroner = Annotated[
    int,
    BeforeValidator(_kroner),
    PlainSerializer(lambda ore: str(to_kroner(ore)), return_type=str, when_used="json"),
]
TimeZone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Text = Annotated[str, AfterValidator(_text)]
#: An identifier that is stored, printed and searched.
Name = Annotated[str, AfterValidator(_name)]
#: A key of PowerOffice GO, never shown.
Key = Annotated[SecretStr, AfterValidator(_key)]
#: Per cent: 0, 12, 15 or 25.
VatRate = Annotated[int, BeforeValidator(_vat_rate)]
#: An account number of the general ledger.
Account = Annotated[int, BeforeValidator(_account)]
#: A VAT code of PowerOffice, such as "3" or "31".
VatCode = Annotated[str, BeforeValidator(_vat_code)]
LoopbackUrl = Annotated[str, AfterValidator(_loopback_url)]
#: Absolute; in the file relative to the file's folder.
FilePath = Annotated[Path, BeforeValidator(_beside_the_file)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
