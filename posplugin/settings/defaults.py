"""What a setting is when it is left out, and what it may be: read from the model, for those who show a form."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from posplugin.settings.model import Settings
from posplugin.settings.values import Section


@cache
def default_of(*place: str) -> Any:
    """Return the default of the setting at a place, as TOML has it; None where it has none.

    Raises `KeyError` where there is no such setting; what stands in a table (`schedule.times`) has no default.
    """
    info = _field(place)
    if info is None or info.is_required() or info.default is None or info.default_factory is not None:
        return None
    kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return TypeAdapter(kind).dump_python(info.default, mode="json")


@cache
def choices_of(*place: str) -> tuple[str, ...]:
    """Return the words that the setting at a place may be; none where it is no choice among words."""
    info = _field(place)
    return () if info is None else tuple(_words(info.annotation))


def _field(place: tuple[str, ...]) -> FieldInfo | None:
    """Return the field at a place; None for what stands in a table of single values."""
    section: type[Section] | None = Settings
    info: FieldInfo | None = None
    names = iter(place)
    for name in names:
        if section is None:
            if info is not None and _is_mapping(info.annotation):
                return None
            raise KeyError(place)
        info = section.model_fields[name]
        section = _section_in(info.annotation)
        if section is not None and _is_mapping(info.annotation):
            next(names, None)
    return info


def _section_in(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)


def _is_mapping(annotation: Any) -> bool:
    return isinstance(origin := get_origin(annotation), type) and issubclass(origin, Mapping)


def _words(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(word.value) for word in annotation]
    if get_origin(annotation) in (Union, UnionType, Annotated):
        return [word for part in get_args(annotation) for word in _words(part)]
    if _is_mapping(annotation):
        return _words(get_args(annotation)[1])
    return []
