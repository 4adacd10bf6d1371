"""One thing that is wrong in the settings: a sentence that knows where it belongs, and can be said otherwise."""

from __future__ import annotations

from collections.abc import Mapping


class Problem(str):
    """A sentence in English. `place` is the setting it is of; `template` and `facts` are what it was made of.

    A form puts it beside the setting's field, and says it in the reader's language by the template.
    """

    place: tuple[str | int, ...]
    template: str
    facts: Mapping[str, object]

    __slots__ = ("facts", "place", "template")

    def __new__(cls, template: str, place: tuple[str | int, ...], /, **facts: object) -> Problem:
        """Return the sentence that `template` becomes with `facts`, about the setting at `place`."""
        made = super().__new__(cls, template.format_map(facts))
        made.place, made.template, made.facts = place, template, facts
        return made
