"""Which shard this process is, by the variables of the engine that started it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from linkproof.errors import LinkproofError

# The word in place of K/N.
AUTO: Final = "auto"
# Ours, for an engine that says nothing by itself: which one, from 0, and how many.
INDEX_VARIABLE: Final = "LINKPROOF_SHARD_INDEX"
TOTAL_VARIABLE: Final = "LINKPROOF_SHARDS"


@dataclass(frozen=True, slots=True)
class Engine:
    """How an engine numbers the processes that it starts.

    Args:
        first: the number of the first one.
        source: where its maker says so.
    """

    name: str
    index: str
    total: str
    first: int
    source: str


ENGINES: Final = (
    # whoever sets ours means them: a workflow hands over `strategy.job-index` and `strategy.job-total`, which are no variables by themselves
    Engine("this project's own variables", INDEX_VARIABLE, TOTAL_VARIABLE, 0, "docs/scale.md"),
    # a Job does not tell its pods how many they are
    Engine(
        "a Kubernetes Indexed Job",
        "JOB_COMPLETION_INDEX",
        TOTAL_VARIABLE,
        0,
        "https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode",
    ),
    Engine(
        "an AWS Batch array job",
        "AWS_BATCH_JOB_ARRAY_INDEX",
        "AWS_BATCH_JOB_ARRAY_SIZE",
        0,
        "https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html",
    ),
    # CI_NODE_TOTAL is there, and 1, in every job; CI_NODE_INDEX only in a parallel one, and counts from 1
    Engine(
        "a parallel job of GitLab",
        "CI_NODE_INDEX",
        "CI_NODE_TOTAL",
        1,
        "https://docs.gitlab.com/ci/variables/predefined_variables/",
    ),
)


class NoShardError(LinkproofError):
    """`--shard auto`, and no engine says which shard this is, or two say different ones."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"--shard {AUTO}: {problem}", fix)


def shard_of(environment: Mapping[str, str]) -> str:
    """`K/N`, K counted from 1.

    Args:
        environment: the variables of this process.

    Raises:
        NoShardError: no engine numbers this process, or only half; or two of them say different things.
    """
    found = dict(_found(environment))
    if not found:
        looked = ", ".join(engine.index for engine in ENGINES)
        raise NoShardError(
            f"nothing numbers this process: none of {looked} is set",
            f"write --shard K/N, or set {INDEX_VARIABLE} (from 0) and {TOTAL_VARIABLE}",
        )
    if len(set(found.values())) > 1:
        said = "; ".join(f"{engine.name} ({engine.index}) says {shard}" for engine, shard in found.items())
        raise NoShardError(
            f"two answers: {said}", "write --shard K/N, or unset the variable of the engine that is not meant"
        )
    return next(iter(found.values()))


def _found(environment: Mapping[str, str]) -> Iterator[tuple[Engine, str]]:
    for engine in ENGINES:
        if not environment.get(engine.index):
            continue
        index, total = (_number(environment, name, engine) for name in (engine.index, engine.total))
        last = total - 1 + engine.first
        if not engine.first <= index <= last:
            raise NoShardError(
                f"{engine.index} is {index}, and {engine.name} of {total} counts from {engine.first} to {last}",
                f"set {engine.total} to how many there are",
            )
        yield engine, f"{index - engine.first + 1}/{total}"


def _number(environment: Mapping[str, str], variable: str, engine: Engine) -> int:
    text = environment.get(variable, "")
    if not text:
        raise NoShardError(
            f"{engine.index} is set, as in {engine.name}, and {variable} is not",
            f"set {variable} to how many shards there are",
        )
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise NoShardError(
            f"{variable} is {text!r}, which is no number", f"see what sets {variable}, or write --shard K/N"
        )
    return int(text)
