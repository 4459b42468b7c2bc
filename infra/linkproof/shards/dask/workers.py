"""Which workers of a cluster stand at which vantage: by a resource, or by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# `dask worker … --resources vantage-tokyo=1`, or `--name vantage-tokyo`.
PREFIX = "vantage-"


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker.

    Args:
        address: by which the scheduler knows it, another one each time it starts.
        resources: the names of what it offers.
    """

    address: str
    name: str
    resources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Team:
    """The workers of one vantage.

    Args:
        resource: that they offer, so that Dask itself finds one that comes later; empty where they have the name alone.
    """

    addresses: tuple[str, ...] = ()
    resource: str = ""


def workers_of(info: Mapping[str, Any]) -> list[Worker]:
    """Out of what a scheduler says of itself."""
    return [
        Worker(address, str(said.get("name", "")), frozenset(said.get("resources") or ()))
        for address, said in info.get("workers", {}).items()
    ]


def teams(workers: Iterable[Worker], vantages: Iterable[str], *, any_is_here: bool) -> dict[str, Team]:
    """The team of each vantage; one without addresses where nobody is there.

    Args:
        vantages: that are asked for, by name.
        any_is_here: no vantage was named, so that every worker is of the only one.
    """
    named = list(vantages)
    found: dict[str, list[Worker]] = {name: [] for name in named}
    for worker in workers:
        for name in named if any_is_here else _at(worker, named):
            found[name].append(worker)
    return {name: _team(name, group) for name, group in found.items()}


def _at(worker: Worker, vantages: list[str]) -> list[str]:
    """A resource says it for certain; a name may have the number that `--nworkers` adds, unless a vantage is called so."""
    offered = [name for name in vantages if f"{PREFIX}{name}" in worker.resources]
    if offered or any(resource.startswith(PREFIX) for resource in worker.resources):
        return offered
    for name in (worker.name, re.sub(r"-[0-9]+$", "", worker.name)):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) in vantages:
            return [name.removeprefix(PREFIX)]
    return []


def _team(name: str, group: list[Worker]) -> Team:
    """Where some offer the resource, only they are meant: each of them says how much it takes at once."""
    resource = f"{PREFIX}{name}"
    offering = [worker for worker in group if resource in worker.resources]
    return Team(tuple(worker.address for worker in offering or group), resource if offering else "")
