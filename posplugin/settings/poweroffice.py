"""How PowerOffice GO is reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from posplugin.settings.values import Duration, Key, LoopbackUrl, PositiveDuration, Section

_HOST = "https://goapi.poweroffice.net"


class PowerOfficeSettings(Section):
    """Which PowerOffice GO, with which keys. The client key is the department's."""

    #: "test" is PowerOffice's demo; keys of one mode are worthless in another.
    endpoint_mode: Literal["simulator", "test", "production"]
    simulator_url: LoopbackUrl = "http://127.0.0.1:8900"
    application_key: Key
    subscription_key: Key
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
