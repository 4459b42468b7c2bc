"""The real engine must be there; in CI its absence is a failure, elsewhere a reason to skip."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from linkproof.engine.environment import cli_folder
from linkproof.errors import LinkproofError
from linkproof.project import Project

from tests.engine.sandbox import REPOSITORY, Sandbox, sandbox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.engine)


@pytest.fixture(scope="session")
def engine_present() -> None:
    try:
        cli_folder(Project(REPOSITORY))
    except LinkproofError as error:
        if os.environ.get("CI"):
            pytest.fail(f"no engine in CI: {error}")
        pytest.skip(f"no Pulumi CLI: {error}")


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        yield made


@pytest.fixture
def fresh(engine_present: None, tmp_path: Path) -> Iterator[Sandbox]:
    with sandbox(tmp_path) as made:
        yield made
