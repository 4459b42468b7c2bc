from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.sparkpost.running import SparkPostLab, running


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SparkPostLab]:
    with running(tmp_path / "lab") as made:
        yield made
