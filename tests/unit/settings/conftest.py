"""A short file, and the whole file as the documentation has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posplugin.domain.errors import ConfigError
from posplugin.settings import Settings, parse_settings

KEYS = ("app-3f1c", "sub-77aa", "bar-client-0b2d", "bar-app-91ee")

SHORT = """
[terminal]
id = "bar-1"
department = "bar"
[poweroffice]
endpoint_mode = "simulator"
application_key = "app-3f1c"
subscription_key = "sub-77aa"
[departments.bar]
client_key = "bar-client-0b2d"
"""

WHOLE = """
[terminal]
id = "bar-1"
department = "bar"
language = "nb"
timezone = "Europe/Oslo"
business_day_starts = "05:00"
saft_source_id = "999999999-1"

[outbox]
path = "outbox.sqlite3"

[poweroffice]
endpoint_mode = "simulator"
simulator_url = "http://127.0.0.1:8900"
application_key = "app-3f1c"
subscription_key = "sub-77aa"
settle_time = "60s"
customers_max_age = "7d"

[schedule]
automatic = true
runs_in = "till"
frequency = "daily"
time = "06:00"
times = { sun = "08:00" }
window = "6h"

[invoicing]
enabled = true
enabled_since = 2026-11-01
vat_reported_by = "invoice"
lines = "per_vat_rate"
send_amount_excluding_vat = true
delivery = "draft"
invoice_fee = false
invoice_fee_amount = "39.00"
tips_on_invoice = false
require_reference = "ehf"
credit_limit = "warn"
default_credit_limit = "20000.00"
attach_receipt = false
include_employee_number = false
create_missing_products = false
product_prefix = "P-"
allow_vat_in_text = false

[settlement]
enabled = true
posting = "post"
after_invoices = false
period_locked = "attention"
attach_z_report = true

[settlement.schedule]
frequency = "weekly"
weekday = "mon"
time = "07:00"

[ledger]
gratuity = 2981
gift_card = 2901
rounding = 7745
cash_difference = 7746
invoice_clearing = 1990
tenders = { "12001" = 1900, "12002" = 1580 }
movements = { "11010" = 1920 }
sales = [
  { article_group = "*", vat = 25, account = 3000, vat_code = "3" },
  { article_group = "*", vat = 15, account = 3001, vat_code = "31" },
]

[departments.bar]
client_key = "bar-client-0b2d"
application_key = "bar-app-91ee"
department_code = "10"
products = { vat_25 = "30", vat_15 = "31", vat_12 = "32", vat_0 = "33", gratuity = "34", fee = "7", rounding = "35", \
gift_card = "36" }

[departments.bar.ledger]
gratuity = 2982
tenders = { "12002" = 1581 }

[saft]
customer_numbers = "linked"
codes = { "04:MAT" = "04003" }
invoice_payments = ["KONTO"]
registers = { "2" = { terminal = "bar-2", department = "bar" } }
"""

FOLDER = Path("/srv/till")

Parse = Callable[[str], Settings]
Problems = Callable[[str], tuple[str, ...]]


@pytest.fixture
def parse() -> Parse:
    """Read a text as though it stood in a file, with an empty environment."""
    return lambda text: parse_settings(text, FOLDER / "posplugin.toml", {})


@pytest.fixture
def problems(parse: Parse) -> Problems:
    """Give the problems of a text."""

    def of(text: str) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as caught:
            parse(text)
        return caught.value.problems

    return of


@pytest.fixture
def short() -> str:
    """Give the shortest file that can be read."""
    return SHORT


@pytest.fixture
def whole() -> str:
    """Give a file with every setting."""
    return WHOLE


@pytest.fixture
def keys() -> tuple[str, ...]:
    """Give every key that stands in the whole file."""
    return KEYS
