"""The provider's own process, asked as the engine asks it, beside a lab's KeyCDN."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import linkproof
import pytest
from google.protobuf import empty_pb2
from linkproof_lab.edges.keycdn.facts import KEYCDN_KEY

from tests.lab.apis.conftest import Lab
from tests.lab.providers.harness import Plugin

EXECUTABLE = Path(linkproof.__path__[0]) / "providers" / "keycdn" / "pulumi-resource-keycdn"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


@pytest.fixture
def plugin(lab: Lab) -> Iterator[Plugin]:
    config = {"apiKey": KEYCDN_KEY, "baseUrl": lab.settings.api_url("edges/keycdn")}
    made = Plugin(lab.settings, "keycdn", config, executable=EXECUTABLE)
    yield made
    if made.process.poll() is None:
        made.call("Cancel", empty_pb2.Empty())
    made.stop()
