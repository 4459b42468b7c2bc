"""An output that is turned into text is a mistake; here it raises."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _an_output_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "true")
