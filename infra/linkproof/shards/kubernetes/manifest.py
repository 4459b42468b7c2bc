"""The objects of a verification on Kubernetes, as plain data.

A pod's termination message holds 4,096 octets and its log is rotated, so results go into the volume of a claim, a file for each shard:
`RUN-INDEX.json`, RUN being the uid of the Job, so that no run reads another's.
"""

from __future__ import annotations

from typing import Any, Final

from linkproof.shards.index import TOTAL_VARIABLE
from linkproof.shards.kubernetes.run import KubernetesRun

FILES, RESULTS, TEMPORARY = "/etc/linkproof", "/results", "/tmp"  # noqa: S108  in a container, which nobody shares
# The component of a Job that merges.
MERGING: Final = "merge"
# Nobody's: neither root nor a user that an image has by custom.
_USER: Final = 65_532
# 10,000 links peak well below this; docs/scale.md has the figures.
_RESOURCES: Final = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}}
_RETRIES: Final = 2
# By these `verify` says what it found, or that its input is bad: run again, it would say the same.
_SAID: Final = [1, 2, 3, 4]
_LONGEST_SECONDS: Final = 3_000
_DAY_SECONDS: Final = 86_400
# Set by the Job's controller since 1.27.
_UID_LABEL: Final = "metadata.labels['batch.kubernetes.io/controller-uid']"


def objects(run: KubernetesRun) -> list[dict[str, Any]]:
    """Everything that is applied: the files, the claim, and the Job or CronJob."""
    made = [_files(run)] if run.files else []
    if run.makes_claim:
        made.append(_claim(run))
    job = _job(run, ["verify", *_verify(run)])
    job |= {
        "completionMode": "Indexed",
        "completions": run.shards,
        "parallelism": run.shards,
        "backoffLimitPerIndex": _RETRIES,
        "maxFailedIndexes": run.shards,
        # a pod that was evicted has not failed; one that said what it found is not asked again
        "podFailurePolicy": {
            "rules": [
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                {
                    "action": "FailIndex",
                    "onExitCodes": {"containerName": "linkproof", "operator": "In", "values": _SAID},
                },
            ]
        },
    }
    return [*made, _scheduled(run, job) if run.schedule else _object(run, "batch/v1", "Job", spec=job)]


def merging(run: KubernetesRun, uid: str) -> dict[str, Any]:
    """The Job that merges what the shards of one run have written, and says in its log what they found together.

    Args:
        uid: of the Job that ran: the first word of its files' names.
    """
    job = _job(run, ["-c", f"exec linkproof merge {RESULTS}/{uid}-*.json --report json={RESULTS}/{uid}.json"])
    job["template"]["spec"]["containers"][0]["command"] = ["sh"]
    job["template"]["metadata"]["labels"] = _labels(run, MERGING)
    made = _object(run, "batch/v1", "Job", name=run.name_of_merge(uid), spec={**job, "backoffLimit": 0})
    made["metadata"]["labels"] = _labels(run, MERGING)
    return made


def _verify(run: KubernetesRun) -> list[str]:
    expectations = f"{RESULTS}/{run.expectations_at}" if run.expectations_at else f"{FILES}/expectations.json"
    named = [f"--vantage={run.vantage}"] if run.vantage else []
    # expanded by the kubelet, not by a shell
    report = f"json={RESULTS}/$(RUN)-$(JOB_COMPLETION_INDEX).json"
    return [f"--expectations={expectations}", *run.arguments, "--shard=auto", *named, f"--report={report}"]


def _job(run: KubernetesRun, arguments: list[str]) -> dict[str, Any]:
    mounts = [{"name": "results", "mountPath": RESULTS}, {"name": "tmp", "mountPath": TEMPORARY}]
    volumes: list[dict[str, Any]] = [
        {"name": "results", "persistentVolumeClaim": {"claimName": run.claim_name}},
        {"name": "tmp", "emptyDir": {}},
    ]
    if run.files:
        mounts.append({"name": "files", "mountPath": FILES, "readOnly": True})  # type: ignore[dict-item]
        source = {"secret": {"secretName": run.name}} if run.is_private else {"configMap": {"name": run.name}}
        volumes.append({"name": "files", **source})
    container = {
        "name": "linkproof",
        "image": run.image,
        "command": ["linkproof"],
        "args": arguments,
        "env": [
            {"name": TOTAL_VARIABLE, "value": str(run.shards)},
            {"name": "RUN", "valueFrom": {"fieldRef": {"fieldPath": _UID_LABEL}}},
        ],
        "resources": _RESOURCES,
        "volumeMounts": mounts,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    pod = {
        # an index is retried by a new pod; within a pod there is nothing that a second try would find otherwise
        "restartPolicy": "Never",
        # it asks DNS and edges, never the cluster
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": volumes,
    }
    return {
        "activeDeadlineSeconds": _LONGEST_SECONDS,
        "ttlSecondsAfterFinished": _DAY_SECONDS,
        "template": {"metadata": {"labels": _labels(run)}, "spec": pod},
    }


def _scheduled(run: KubernetesRun, job: dict[str, Any]) -> dict[str, Any]:
    spec = {
        "schedule": run.schedule,
        "timeZone": "Etc/UTC",
        # one that has not ended asks the same servers
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 600,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
        "jobTemplate": {"metadata": {"labels": _labels(run)}, "spec": job},
    }
    return _object(run, "batch/v1", "CronJob", spec=spec)


def _files(run: KubernetesRun) -> dict[str, Any]:
    if run.is_private:
        return _object(run, "v1", "Secret", type="Opaque", stringData=dict(run.files))
    return _object(run, "v1", "ConfigMap", data=dict(run.files))


def _claim(run: KubernetesRun) -> dict[str, Any]:
    # many: pods of one run stand on several nodes
    spec = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}}
    return _object(run, "v1", "PersistentVolumeClaim", name=run.claim_name, spec=spec)


def _object(run: KubernetesRun, version: str, kind: str, *, name: str = "", **content: Any) -> dict[str, Any]:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name or run.name, "labels": _labels(run)},
        **content,
    }


def _labels(run: KubernetesRun, component: str = "verify") -> dict[str, str]:
    return {
        "app.kubernetes.io/name": "linkproof",
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/instance": run.name,
    }
