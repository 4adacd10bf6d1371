"""The console, in English."""

from __future__ import annotations

from posplugin.texts.console import ConsoleText, Fault, FaultsText
from posplugin.texts.console_customers_en import CUSTOMERS
from posplugin.texts.console_queue_en import QUEUE
from posplugin.texts.console_record_en import RECORD
from posplugin.texts.console_runs_en import RUNS
from posplugin.texts.console_settings_en import SETTINGS
from posplugin.texts.console_settlements_en import SETTLEMENTS

_FAULTS = FaultsText(
    not_inside=Fault(
        title="You are not logged in",
        sentence="The console is opened by the link that `posplugin console` prints on this machine. Each link works "
        "once, and within an hour. If it is used, or an hour has passed and you were logged out: press Enter where the "
        "console runs, or start `posplugin console` again, and open the new link.",
    ),
    wrong_host=Fault(
        title="Wrong address",
        sentence="The console answers only to http://127.0.0.1 and http://localhost with its own port. Use the link "
        "that `posplugin console` prints.",
    ),
    from_elsewhere=Fault(
        title="Refused",
        sentence="The change came from none of the console's own pages, so nothing has been done. Open the page again "
        "and try from there.",
    ),
    not_found=Fault(
        title="No such page",
        sentence="There is nothing at this address. Go to the queue and find it from there.",
    ),
    not_understood=Fault(
        title="The request could not be understood",
        sentence="Something in the address or the form is wrong. Go back and try again.",
    ),
    too_large=Fault(
        title="Too much at once",
        sentence="There is room for 1 MB in a form. Nothing has been saved; write less.",
    ),
    refused=Fault(
        title="That did not work",
        sentence="Nothing has been changed. The cause stands below.",
    ),
    outbox_busy=Fault(
        title="The queue does not answer",
        sentence="The file of the queue is busy or cannot be read right now. Wait a little and load the page again.",
    ),
    crashed=Fault(
        title="Something went wrong in the program",
        sentence="It is written in the log where the console runs. Nothing has been sent. Go to the queue and try "
        "again, and tell the vendor if it happens again.",
    ),
)

CONSOLE = ConsoleText(
    title="posplugin console",
    runs_here="The console of {terminal} runs. This link lets one browser in, once:",
    another_link="Enter gives a new link.",
    ctrl_c="Ctrl-C ends the console.",
    ended="The console has ended.",
    skip="Skip to the content",
    navigation="Pages",
    page={
        "queue": "Queue",
        "runs": "Runs",
        "settlements": "Settlements",
        "customers": "Customers",
        "settings": "Settings",
    },
    light={"green": "Green", "yellow": "Yellow", "red": "Red"},
    tone={"green": "Delivered", "yellow": "Waiting", "red": "Not sent", "grey": "Closed"},
    more="{count} more",
    language="Language",
    change="Change",
    leave="Log out",
    entered="You are in",
    go_on="Go to the queue",
    left_title="You are logged out",
    left="Press Enter where the console runs for a new link.",
    detail="The answer was:",
    refused="That did not work, and nothing has been changed.",
    yes="Yes",
    no="No",
    nothing="Nothing",
    fault=_FAULTS,
    queue=QUEUE,
    record=RECORD,
    runs=RUNS,
    settlements=SETTLEMENTS,
    customers=CUSTOMERS,
    settings=SETTINGS,
)
