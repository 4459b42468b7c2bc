"""One lab and one process of each provider for each test file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf import empty_pb2

from infra.lab.providers.install import install
from tests.lab.providers.harness import Lab, Plugin, aws_config, cloudflare_config


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    install(lab.settings)
    yield lab
    lab.stop()


@pytest.fixture(scope="module")
def aws(lab: Lab) -> Iterator[Plugin]:
    plugin = Plugin(lab.settings, "aws", aws_config(lab))
    yield plugin
    plugin.call("Cancel", empty_pb2.Empty())
    plugin.stop()


@pytest.fixture(scope="module")
def cloudflare(lab: Lab) -> Iterator[Plugin]:
    plugin = Plugin(lab.settings, "cloudflare", cloudflare_config(lab))
    yield plugin
    plugin.stop()
