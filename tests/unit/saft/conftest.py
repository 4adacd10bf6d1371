"""What tests of SAF-T share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.saft.day_files import Files


@pytest.fixture
def read(tmp_path: Path) -> Files:
    """Write a file and read its days."""
    return Files(tmp_path / "file.xml")
