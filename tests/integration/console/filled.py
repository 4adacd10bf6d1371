"""A form of a page as a browser would send it, with what a person has entered."""

from __future__ import annotations

from typing import Any

import lxml.html
from werkzeug.datastructures import MultiDict


def form_of(page: str, action: str) -> MultiDict[str, str]:
    """Return the fields of the form that a page sends to an address, as they stand."""
    html: Any = lxml.html.fromstring(page)
    for template in html.findall(".//template"):
        template.getparent().remove(template)
    form = next(form for form in html.forms if form.get("action") == action)
    return MultiDict((name, value) for name, value in form.form_values() if name != "act")


def found(page: str, query: str) -> list[str]:
    """Return what an XPath query for texts and attributes finds on a page."""
    html: Any = lxml.html.fromstring(page)
    return [str(each) for each in html.xpath(query)]
