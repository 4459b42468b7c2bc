"""What runs on a worker: text in, text out, so that nothing of a class crosses between two machines."""

from __future__ import annotations

import json


def version() -> str:
    """Of the linkproof that this worker has."""
    from linkproof.verify.version import program_version

    return program_version()


def prove(text: str) -> str:
    """One shard from here.

    Args:
        text: a `Job`.

    Returns:
        `{"result": …}` in the form of `verify --json`; `{"version": …}` where this is another linkproof than the one that asks;
        `{"refused": {"problem", "fix"}}` where it cannot be run.
    """
    from linkproof.errors import LinkproofError
    from linkproof.expectations.model import parse
    from linkproof.shards.dask.job import Job, options_from_tree
    from linkproof.shards.partition import Shard
    from linkproof.shards.run import verify_part

    asked = json.loads(text).get("version")
    if asked != version():
        return json.dumps({"version": version()})
    job = Job.from_text(text)
    try:
        with options_from_tree(job.options) as options:
            result = verify_part(
                parse(job.expectations),
                options,
                shard=Shard.parse(job.shard),
                vantage=job.vantage,
                places=job.places,
            )
    except LinkproofError as error:
        return json.dumps({"refused": {"problem": error.problem, "fix": error.fix}}, ensure_ascii=False)
    return json.dumps({"result": result.to_json()}, ensure_ascii=False, separators=(",", ":"))
