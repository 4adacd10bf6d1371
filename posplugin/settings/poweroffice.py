"""How PowerOffice GO is reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from posplugin.settings.values import Duration, Key, LoopbackUrl, PositiveDuration, Section

_HOST = "https://goapi.poweroffice.net"
#: The night of more would not fit in a day at ten requests a second.
MOST_TERMINALS = 10_000


class PowerOfficeSettings(Section):
    """Which PowerOffice GO, with which keys. The client key is the department's."""

    #: "test" is PowerOffice's demo; keys of one mode are worthless in another.
    endpoint_mode: Literal["simulator", "test", "production"]
    simulator_url: LoopbackUrl = "http://127.0.0.1:8900"
    application_key: Key
    subscription_key: Key
    #: How many terminals share the subscription key, and with it ten requests a second. Told in every one of them.
    terminals: Annotated[int, Field(ge=1, le=MOST_TERMINALS)] = 1
    #: How long after a lost answer "not there" begins to count.
    settle_time: Duration = timedelta(seconds=60)
    #: When the till begins to warn that its customer register is old.
    customers_max_age: PositiveDuration = timedelta(days=7)

    @property
    def token_url(self) -> str:
        """Where access tokens are fetched."""
        return f"{self._base}/OAuth/Token"

    @property
    def api_url(self) -> str:
        """The base of every API address, without a slash at the end."""
        return f"{self._base}/v2"

    @property
    def _base(self) -> str:
        return {"simulator": self.simulator_url, "test": f"{_HOST}/Demo", "production": _HOST}[self.endpoint_mode]
