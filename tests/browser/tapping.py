"""What a cashier does at the till's page, and what a finger cannot."""

from __future__ import annotations

from playwright.sync_api import Page

#: CSS pixels; a finger needs as much.
FINGER = 44
_SMALL = """(least) => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')]
    .filter((each) => each.offsetParent && !each.classList.contains('skip'))
    .map((each) => [each.id || each.textContent.trim(), each.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.height < least - 0.5 || box.width < least - 0.5))
    .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


def too_small(page: Page) -> list[str]:
    """Return what a finger cannot tap."""
    return list(page.evaluate(_SMALL, FINGER))


def seen_of(page: Page, name: str) -> bool:
    """Whether something of Faktura's form is seen as a whole: on the screen, and not under the button."""
    field = page.locator(f"#{name}").bounding_box()
    button = page.locator(".fields .go").bounding_box()
    assert field
    assert button
    return field["y"] >= 0 and field["y"] + field["height"] <= button["y"]


def ring(page: Page, *dishes: str) -> None:
    for dish in dishes:
        page.get_by_role("button", name=dish).click()


def total(page: Page) -> str:
    return page.locator(".grand strong").inner_text().replace("\xa0", " ")


def to_pay(page: Page) -> None:
    page.wait_for_load_state()  # before its style has come, both buttons are seen
    page.locator("a.pay:visible").click()
    page.wait_for_url("**/pay")


def choose(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url("**/pay?by=*")


def pick(page: Page, typed: str, name: str) -> None:
    page.get_by_role("searchbox").press_sequentially(typed)
    page.locator("#customers h2", has_text="Treff").wait_for()
    page.get_by_role("button", name=name).click()
    page.locator(".picked").wait_for()


def papers(page: Page) -> list[str]:
    page.wait_for_url("**/pay/done/*")
    return page.locator(".paper").all_inner_texts()
