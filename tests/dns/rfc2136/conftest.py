"""Primary servers that are running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dns.rfc2136.servers import PRIMARIES, Running, running


@pytest.fixture(scope="module", params=list(PRIMARIES))
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Each in turn."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made
