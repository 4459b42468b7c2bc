"""The three toys laid into a copy of the source root: one folder, one folder of the lab and one registry line each."""

from __future__ import annotations

from pathlib import Path

from tests.overlay import overlay

TOYS = Path(__file__).parent / "toy"
LAB_TOYS = Path(__file__).parents[1] / "lab" / "toy"
KINDS = ("edges", "senders", "dns")
FOLDERS = {
    **{f"linkproof/{kind}/toy": TOYS / kind for kind in KINDS},
    **{f"linkproof_lab/{kind}/toy": LAB_TOYS / kind for kind in KINDS},
}
LINES = {
    f"{package}/registry.py": [f'{kind.upper()}["toy"] = "{package}.{kind}.toy"' for kind in KINDS]
    for package in ("linkproof", "linkproof_lab")
}


def with_toys(folder: Path) -> Path:
    """The copy, to be put before everything else on the path of Python."""
    return overlay(folder, FOLDERS, LINES)
