"""The one place where linkproof reaches its lab: by name, when a lab command or a stack with `lab: true` asks for it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def lab_part(name: str) -> Any:
    """A module of the lab.

    Raises:
        ModuleNotFoundError: the extra `lab` is not installed; `main` says so.
    """
    return import_module(f"linkproof_lab.{name}")
