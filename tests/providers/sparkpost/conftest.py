"""The provider's own process, asked as the engine asks it, beside a lab's SparkPost and DNS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import linkproof
import pytest
from google.protobuf import empty_pb2
from linkproof.providers.protocol.values import Properties
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY

from tests.lab.providers.harness import Plugin
from tests.lab.sparkpost.running import SparkPostLab, running

EXECUTABLE = Path(linkproof.__path__[0]) / "providers" / "sparkpost" / "pulumi-resource-sparkpost"


def config(lab: SparkPostLab, **more: Any) -> Properties:
    dns = {"rootHints": str(lab.settings.hints_file), "dnsPort": str(lab.settings.dns_port)}
    return {"apiKey": SPARKPOST_KEY, "baseUrl": lab.url, **dns, **more}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SparkPostLab]:
    with running(tmp_path / "lab") as made:
        yield made


@pytest.fixture
def plugin(lab: SparkPostLab) -> Iterator[Plugin]:
    made = Plugin(lab.settings, "sparkpost", config(lab), executable=EXECUTABLE)
    yield made
    if made.process.poll() is None:
        made.call("Cancel", empty_pb2.Empty())
    made.stop()
