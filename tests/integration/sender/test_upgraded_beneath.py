"""The package's files may be of a newer version before a till that runs is started anew: the older one goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.integration.sender.shop import PAPERS, OpenShop, settling

#: A till that has run for a moment; then whatever a night does.
NIGHT = """
import json, sys
from posplugin.app import App
app = App.open(sys.argv[1])
app._tick()
had = set(sys.modules)
report = app.send("schedule")
app.follow()
app.sync_customers(app.settings)
app.close()
later = sorted(name for name in set(sys.modules) - had if name.partition(".")[0] == "posplugin")
print(json.dumps({"delivered": report.delivered, "later": later}))
"""


def test_a_night_reads_no_file_of_the_package_that_was_not_read_when_the_till_began(shops: OpenShop) -> None:
    """An invoice, its receipt, a Z with its report as PDF, where all of it stands, and the customers."""
    shop = settling(shops, PAPERS, invoicing="attach_receipt = true")
    shop.sell("1001")
    shop.close_day(1)
    command = [sys.executable, "-c", NIGHT, str(shop.config)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parents[3])

    assert json.loads(done.stdout.splitlines()[-1]) == {"delivered": 2, "later": []}
