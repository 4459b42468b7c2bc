"""The provider's own process, asked as the engine asks it, beside a lab's SendGrid and DNS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import linkproof
import pytest
from google.protobuf import empty_pb2
from linkproof.providers.protocol.values import Properties
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY

from tests.lab.providers.harness import Plugin
from tests.lab.sendgrid.running import SendGridLab, running

EXECUTABLE = Path(linkproof.__path__[0]) / "providers" / "sendgrid" / "pulumi-resource-sendgrid"


def config(lab: SendGridLab, **more: Any) -> Properties:
    return {
        "apiKey": SENDGRID_KEY,
        "baseUrl": lab.url,
        "rootHints": str(lab.settings.hints_file),
        "dnsPort": str(lab.settings.dns_port),
        **more,
    }


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SendGridLab]:
    with running(tmp_path / "lab") as made:
        yield made


@contextmanager
def cancelled_when(plugin: Plugin, happened: Callable[[], object]) -> Iterator[None]:
    """Within, the provider is cancelled as soon as something has happened; afterwards nobody waits for it any more."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            if happened():
                plugin.call("Cancel", empty_pb2.Empty())
                return

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join(60)


@pytest.fixture
def plugin(lab: SendGridLab) -> Iterator[Plugin]:
    made = Plugin(lab.settings, "sendgrid", config(lab), executable=EXECUTABLE)
    yield made
    if made.process.poll() is None:
        made.call("Cancel", empty_pb2.Empty())
    made.stop()
