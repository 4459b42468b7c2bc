"""`--shard auto`: which shard a process is, by the variables of the engine that started it."""

from __future__ import annotations

import pytest
from linkproof.shards.index import NoShardError, shard_of


@pytest.mark.parametrize(
    ("environment", "shard"),
    [
        ({"JOB_COMPLETION_INDEX": "0", "LINKPROOF_SHARDS": "4"}, "1/4"),
        ({"JOB_COMPLETION_INDEX": "3", "LINKPROOF_SHARDS": "4"}, "4/4"),
        ({"AWS_BATCH_JOB_ARRAY_INDEX": "9", "AWS_BATCH_JOB_ARRAY_SIZE": "10"}, "10/10"),
        # GitLab alone counts from 1
        ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, "1/3"),
        ({"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "3"}, "3/3"),
        ({"LINKPROOF_SHARD_INDEX": "1", "LINKPROOF_SHARDS": "2"}, "2/2"),
        # GitLab says 1 of every job that is not parallel; that is no answer, so it is no second one
        ({"CI_NODE_TOTAL": "1", "LINKPROOF_SHARD_INDEX": "1", "LINKPROOF_SHARDS": "2"}, "2/2"),
        # AWS Batch on Kubernetes: two engines that agree
        (
            {
                "JOB_COMPLETION_INDEX": "2",
                "LINKPROOF_SHARDS": "5",
                "AWS_BATCH_JOB_ARRAY_INDEX": "2",
                "AWS_BATCH_JOB_ARRAY_SIZE": "5",
            },
            "3/5",
        ),
    ],
)
def test_each_engines_own_variables_say_which_shard(environment: dict[str, str], shard: str) -> None:
    assert shard_of(environment) == shard


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "none of LINKPROOF_SHARD_INDEX, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, CI_NODE_INDEX is set"),
        ({"CI_NODE_TOTAL": "1"}, "nothing numbers this process"),
        ({"JOB_COMPLETION_INDEX": "0"}, "LINKPROOF_SHARDS is not"),
        ({"JOB_COMPLETION_INDEX": "4", "LINKPROOF_SHARDS": "4"}, "counts from 0 to 3"),
        ({"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "3"}, "counts from 1 to 3"),
        ({"AWS_BATCH_JOB_ARRAY_INDEX": "-1", "AWS_BATCH_JOB_ARRAY_SIZE": "3"}, "'-1', which is no number"),
        ({"LINKPROOF_SHARD_INDEX": "0", "LINKPROOF_SHARDS": "two"}, "'two', which is no number"),
        (
            {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3", "LINKPROOF_SHARD_INDEX": "1", "LINKPROOF_SHARDS": "3"},
            "(LINKPROOF_SHARD_INDEX) says 2/3; a parallel job of GitLab (CI_NODE_INDEX) says 1/3",
        ),
    ],
)
def test_what_does_not_say_which_shard_is_refused_with_its_variables(environment: dict[str, str], said: str) -> None:
    with pytest.raises(NoShardError) as refused:
        shard_of(environment)
    assert said in refused.value.problem
    assert refused.value.fix
