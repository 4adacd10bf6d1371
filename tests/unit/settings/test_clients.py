"""Departments that share keys share customers, under a name that outlives the keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posplugin.settings import Settings
from posplugin.settings.clients import client_of, go_clients, keys_of

Parse = Callable[[str], Settings]


def departments(**keys: str) -> str:
    return "".join(f'[departments.{name}]\nclient_key = "{key}"\n' for name, key in keys.items())


# Departments beside "bar", whose key is bar-client-0b2d, and the clients that come of it.
CASES = {
    "one": ({}, {"": ("bar",)}),
    "another department of the same client": ({"aft": "bar-client-0b2d"}, {"": ("bar", "aft")}),
    "another client": ({"roof": "key-2"}, {"": ("bar",), "roof": ("roof",)}),
    "two departments of another client": (
        {"roof": "key-2", "cafe": "key-2"},
        {"": ("bar",), "cafe": ("cafe", "roof")},
    ),
    "three clients": (
        {"roof": "key-2", "cafe": "key-3", "deck": "key-2"},
        {"": ("bar",), "cafe": ("cafe",), "deck": ("deck", "roof")},
    ),
}


@pytest.mark.parametrize(("keys", "clients"), CASES.values(), ids=CASES)
def test_departments_are_grouped_by_their_keys(
    parse: Parse, short: str, keys: dict[str, str], clients: dict[str, tuple[str, ...]]
) -> None:
    settings = parse(short + departments(**keys))
    found = go_clients(settings)
    assert {client.name: client.departments for client in found} == clients
    assert found[0].name == ""
    for client in found:
        for department in client.departments:
            assert client_of(settings, department) == client
    assert client_of(settings, "no such department") == found[0]


def test_an_application_key_of_its_own_makes_a_client_of_its_own(parse: Parse, short: str) -> None:
    settings = parse(short + departments(roof="bar-client-0b2d") + 'application_key = "app-2"\n')
    assert [client.name for client in go_clients(settings)] == ["", "roof"]
    assert keys_of(settings, "bar") == ("app-3f1c", "bar-client-0b2d")
    assert keys_of(settings, "roof") == ("app-2", "bar-client-0b2d")


def test_a_new_key_changes_the_fingerprint_and_not_the_name(parse: Parse, short: str) -> None:
    before = client_of(parse(short + departments(roof="key-2")), "roof")
    after = client_of(parse(short + departments(roof="key-3")), "roof")
    assert before.name == after.name == "roof"
    assert before.fingerprint != after.fingerprint
    assert "key-2" not in repr(before) + before.fingerprint
