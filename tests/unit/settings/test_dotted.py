"""A dotted key leads back to the parts it was made of, whatever they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.errors import ConfigError
from posplugin.settings.dotted import join, split


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_split_undoes_join(parts: list[str]) -> None:
    assert split(join(*parts)) == tuple(parts)


@pytest.mark.parametrize("text", ["", "a b", "a..b", "a = 1\nb"])
def test_what_is_no_dotted_key_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="is no dotted key"):
        split(text)
