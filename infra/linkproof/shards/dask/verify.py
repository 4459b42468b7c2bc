"""One verification on a cluster of Dask: what `verify --engine dask://…` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof.shards.dask.conduct import Conductor
from linkproof.shards.dask.job import Job, expectations_to_tree, options_to_tree
from linkproof.shards.dask.task import version
from linkproof.shards.identity import HERE, vantage_name
from linkproof.shards.partition import Shard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linkproof.expectations.model import Expectations
    from linkproof.shards.dask.address import DaskAddress
    from linkproof.verify.options import VerifyOptions

# How long a vantage may be without any worker: a machine starts in less.
PATIENCE_SECONDS = 60.0


def verify_on(
    address: DaskAddress,
    expectations: Expectations,
    options: VerifyOptions,
    *,
    shards: int | None = None,
    vantages: Sequence[str] = (),
    patience_seconds: float = PATIENCE_SECONDS,
    places: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Ask about each shard from each vantage, each by a worker that stands there.

    Args:
        address: of the scheduler.
        expectations, options, places: as of `linkproof.verify.run.verify`; the content of hints and trust anchors goes along.
        shards: how many parts; by default as many as the vantage with most workers has.
        vantages: names of the places; none for wherever the workers are.
        patience_seconds: how long a vantage may be without any worker before it counts as not heard.
        progress: is told how far it is, one line at a time.

    Returns:
        one result in the form of `verify --json`, merged from all.

    Raises:
        LinkproofError: no scheduler, a worker with another linkproof, a file that cannot be read, or nothing that came back.
    """
    names = tuple(dict.fromkeys(map(vantage_name, vantages))) or (HERE,)
    conductor = Conductor(address, names, not vantages, patience_seconds, progress or _silent)
    tree = expectations_to_tree(expectations)
    asked = options_to_tree(options)
    with conductor.connected():
        total = shards or max(conductor.most_workers(), 1)
        jobs = {
            name: [
                Job(version(), tree, str(Shard(number, total)), name, asked, dict(places or {})).to_text()
                for number in range(1, total + 1)
            ]
            for name in names
        }
        return conductor.run(jobs, total)


def _silent(_: str) -> None:
    return None
