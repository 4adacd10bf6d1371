"""Whether PowerOffice has what the invoices and settlements need, as its own data says."""

from posplugin.poweroffice.setup.connection import verify_connection
from posplugin.poweroffice.setup.draft import measure_prices
from posplugin.poweroffice.setup.verify import verify_setup

__all__ = ["measure_prices", "verify_connection", "verify_setup"]
