"""The version of this program."""

from __future__ import annotations


def program_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("linkproof")
    except PackageNotFoundError:
        return "unknown"
