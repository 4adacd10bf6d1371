"""A settings file with keys is read only while it is its owner's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from posplugin.domain.errors import ConfigError, SettingsExposed
from posplugin.settings import read_settings
from posplugin.settings.write import set_values

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX has such modes")

#: What the environment gives instead of the file.
KEYS = {
    "POSPLUGIN_APPLICATION_KEY": "app-3f1c",
    "POSPLUGIN_SUBSCRIPTION_KEY": "sub-77aa",
    "POSPLUGIN_CLIENT_KEY_BAR": "bar-client-0b2d",
}


@pytest.fixture
def file(tmp_path: Path, short: str) -> Path:
    path = tmp_path / "posplugin.toml"
    path.write_text(short)
    return path


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o644, 0o666, 0o777])
def test_what_others_can_read_or_change_is_refused_with_the_remedy(
    mode: int, file: Path, keys: tuple[str, ...]
) -> None:
    file.chmod(mode)

    with pytest.raises(SettingsExposed) as caught:
        read_settings(file, {})

    (problem,) = caught.value.problems
    assert f"chmod 600 {file}" in problem
    assert not any(key in problem for key in keys)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700, 0o711])
def test_what_is_the_owners_alone_is_read(mode: int, file: Path) -> None:
    file.chmod(mode)

    assert read_settings(file, {}).terminal.id == "bar-1"


@pytest.mark.parametrize(
    "key", ["application_key", "subscription_key", "client_key"], ids=["application", "subscription", "client"]
)
def test_one_key_is_enough(key: str, file: Path) -> None:
    """The others may come from the environment."""
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "_key =" not in line or line.startswith(key)))
    file.chmod(0o644)

    with pytest.raises(SettingsExposed):
        read_settings(file, KEYS)


def test_a_key_astray_is_a_key(file: Path, short: str) -> None:
    """Written one table too high, it would be refused for that; but it stands there to be read."""
    file.write_text('subscription_key = "sub-77aa"\n' + short.replace('subscription_key = "sub-77aa"\n', ""))
    file.chmod(0o644)

    with pytest.raises(SettingsExposed):
        read_settings(file, KEYS)


@pytest.fixture
def keyless(file: Path) -> Path:
    """The file without its keys."""
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "_key =" not in line))
    return file


@pytest.mark.parametrize("mode", [0o440, 0o444, 0o640, 0o644, 0o664, 0o666, 0o777])
def test_a_file_without_keys_may_have_any_mode(mode: int, keyless: Path) -> None:
    keyless.chmod(mode)

    assert read_settings(keyless, KEYS).terminal.id == "bar-1"


def test_where_the_mode_cannot_be_changed_the_sentence_names_the_environment(file: Path) -> None:
    """As of a secret that Kubernetes mounts: keys that the environment gives too must leave the file all the same."""
    file.chmod(0o440)

    with pytest.raises(SettingsExposed, match=r"out of the file.+environment.+POSPLUGIN_APPLICATION_KEY"):
        read_settings(file, KEYS)


def test_a_first_key_makes_the_file_its_owners_alone(keyless: Path) -> None:
    """The console, or a command, wrote it: the next to read the file is the till."""
    keyless.chmod(0o644)

    set_values(keyless, {"departments.bar.client_key": "bar-client-0b2d"}, KEYS)

    assert keyless.stat().st_mode & 0o777 == 0o600
    assert read_settings(keyless, KEYS).terminal.id == "bar-1"


def test_a_change_that_is_no_key_leaves_the_mode(keyless: Path) -> None:
    keyless.chmod(0o644)

    set_values(keyless, {"terminal.language": "en"}, KEYS)

    assert keyless.stat().st_mode & 0o777 == 0o644


def test_a_change_does_not_hide_that_the_keys_could_be_read(file: Path) -> None:
    file.chmod(0o644)
    before = file.read_text()

    with pytest.raises(SettingsExposed):
        set_values(file, {"terminal.language": "en"}, {})
    assert (file.read_text(), file.stat().st_mode & 0o777) == (before, 0o644)


def test_a_link_is_judged_by_the_file_that_it_leads_to(file: Path, tmp_path: Path) -> None:
    file.chmod(0o644)
    link = tmp_path / "link.toml"
    link.symlink_to(file)

    with pytest.raises(SettingsExposed):
        read_settings(link, {})


def test_a_change_leaves_the_file_its_owners_alone(file: Path) -> None:
    file.chmod(0o600)

    set_values(file, {"terminal.language": "en"}, {})

    assert file.stat().st_mode & 0o777 == 0o600
    assert read_settings(file, {}).terminal.language == "en"


def test_a_file_that_is_no_toml_says_so_first(file: Path) -> None:
    file.write_text("[terminal\n")
    file.chmod(0o644)

    with pytest.raises(ConfigError, match="not written as TOML") as caught:
        read_settings(file, {})
    assert not isinstance(caught.value, SettingsExposed)
