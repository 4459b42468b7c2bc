"""Answers that go wrong on purpose (`linkproof_lab.apis.faults`)."""

from __future__ import annotations

KIND = "sendgrid-fault"
