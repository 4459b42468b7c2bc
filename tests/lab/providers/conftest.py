"""One lab and one process of each provider for each test file: the stand-in, and the real one where there is one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from google.protobuf import empty_pb2
from linkproof.providers.protocol.values import Properties
from linkproof_lab.providers.install import install

from tests.lab.providers import real
from tests.lab.providers.harness import Lab, Plugin, aws_config, azure_config, cloudflare_config, gcp_config

STAND_IN = "stand-in"


def which(name: str) -> list[str] | None:
    return [STAND_IN, "real"] if real.find(name, dict(os.environ)) else None


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    install(lab.settings)
    yield lab
    lab.stop()


@pytest.fixture(autouse=True)
def _held_to_it(request: pytest.FixtureRequest) -> None:
    """What only the stand-in is held to says why."""
    marker = request.node.get_closest_marker("stand_in_only")
    params = getattr(request.node, "callspec", None)
    if marker and params and "real" in (params.params.get(name) for name in ("aws", "cloudflare", "gcp")):
        pytest.skip(f"the real provider is not held to this: {marker.args[0]}")


@pytest.fixture(scope="module", params=which("aws"))
def aws(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Plugin]:
    yield from _running(request, lab, "aws", aws_config)


@pytest.fixture(scope="module", params=which("cloudflare"))
def cloudflare(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Plugin]:
    yield from _running(request, lab, "cloudflare", cloudflare_config)


@pytest.fixture(scope="module", params=which("gcp"))
def gcp(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Plugin]:
    yield from _running(request, lab, "gcp", gcp_config)


@pytest.fixture(scope="module")
def azure(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Plugin]:
    """The stand-in alone: the real provider has no option for an address, and asks its metadata host over TLS."""
    yield from _running(request, lab, "azure-native", azure_config)


def _running(
    request: pytest.FixtureRequest, lab: Lab, name: str, config: Callable[[Lab], Properties]
) -> Iterator[Plugin]:
    is_real = getattr(request, "param", STAND_IN) == "real"
    executable = real.find(name, dict(os.environ)) if is_real else None
    plugin = Plugin(lab.settings, name, config(lab), executable=executable)
    yield plugin
    plugin.call("Cancel", empty_pb2.Empty())
    plugin.stop()
