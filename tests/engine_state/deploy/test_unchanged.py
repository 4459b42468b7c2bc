"""What is deployed is what was judged: neither the file nor the state has changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from linkproof.commands import one_deployment
from linkproof.errors import LinkproofError

from tests.engine_state.deployed import declared, link
from tests.engine_state.fake_engine import FakeEngine


@pytest.mark.parametrize(
    ("phase", "written_at", "words"),
    [
        ("ready", "2026-11-22T10:00:00Z", ""),
        ("live", "2026-11-22T10:00:00Z", "the declaration has changed since it was judged, and nothing was deployed"),
        ("ready", "2026-11-22T10:00:01Z", "somebody has deployed since it was judged, and nothing was deployed"),
    ],
)
def test_what_has_changed_meanwhile_is_not_deployed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, phase: str, written_at: str, words: str
) -> None:
    engine: Any = FakeEngine(tmp_path, [])
    judged = {"deployment": {"manifest": {"time": "2026-11-22T10:00:00Z"}}}
    engine.document["deployment"]["manifest"] = {"time": written_at}
    monkeypatch.setattr(one_deployment, "stack_declaration", lambda stack: (engine, declared(link(phase))))
    if not words:
        one_deployment._refuse_changed(engine, declared(link("ready")), judged)
        return
    with pytest.raises(LinkproofError, match=words):
        one_deployment._refuse_changed(engine, declared(link("ready")), judged)
