"""A copy of `infra` with folders laid into it and lines added to its registries: how a test adds a service without touching the tree."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def overlay(tmp_path: Path, folders: Mapping[str, Path], registry_lines: Mapping[str, Sequence[str]]) -> Path:
    """Copy `infra` and add to the copy.

    Args:
        folders: what is laid in, by where: `linkproof_lab/edges/toy` to the folder that becomes it.
        registry_lines: lines added at the end of a file: `linkproof_lab/registry.py` to `EDGES["toy"] = "linkproof_lab.edges.toy"`.

    Returns:
        The copy, to be put into PYTHONPATH of the processes that shall see it; there it goes before the tree's own.

    Raises:
        FileExistsError: the tree has such a folder already.
        FileNotFoundError: the tree has no such registry, or there is no such folder to lay in.
    """
    copy = tmp_path / "infra"
    shutil.copytree(REPOSITORY / "infra", copy, ignore=shutil.ignore_patterns("*.egg-info"))
    for where, folder in folders.items():
        shutil.copytree(folder, copy / where, ignore=shutil.ignore_patterns("__pycache__"))
    for where, lines in registry_lines.items():
        file = copy / where
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return copy
