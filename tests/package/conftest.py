"""One wheel and one environment for all tests of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.package import wheel as package


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def verifier(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with what `pip install linkproof` brings, and no more."""
    return package.install(wheel, tmp_path_factory.mktemp("environment") / "alone")
