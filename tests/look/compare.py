"""A pytest plug-in: whatever a test of the fault lab verifies is looked at as well, and both outcomes are written down."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from linkproof.look.run import look

from tests.verify.world import World, expect

_current: list[str] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    _current[:] = [item.nodeid]


def _verify(self: World, expectations: Any = None, **given: Any) -> Any:
    """One round: what is right after waiting is another moment."""
    result = _original(self, expectations, **given)
    wanted = expectations or expect()
    hosts = {one.name.rstrip(".") for one in wanted.records} | {one.host for one in wanted.endpoints}
    plain = {
        name: value
        for name, value in given.items()
        if name not in ("places", "clock", "progress", "wait_seconds", "save")
    }
    looked = look(sorted(hosts), self.options(**plain), clock=given.get("clock"))
    line = {
        "test": _current[0],
        "verify": sorted({f.rule for f in result.findings if f.severity == "error"}),
        "look": sorted({f.rule for f in looked.result.findings if f.severity == "error"}),
        "senders": sorted({one.sender or "" for one in wanted.endpoints}),
        "recognised": sorted({one.sender for one in looked.seen}),
        "verdicts": [result.verdict, looked.result.verdict],
    }
    with Path(os.environ["LINKPROOF_LOOK_LOG"]).open("a") as log:
        log.write(json.dumps(line) + "\n")
    return result


_original = World.verify
World.verify = _verify  # type: ignore[method-assign]
