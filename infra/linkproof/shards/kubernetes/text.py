"""The manifest as `kubectl apply -f` takes it, with what to do next in its first lines."""

from __future__ import annotations

from typing import Any

from linkproof.shards.kubernetes.manifest import MERGING, merging, objects
from linkproof.shards.kubernetes.run import KubernetesRun


def text(run: KubernetesRun) -> str:
    """All objects, after the commands that run them and read what they found."""
    name = "NAME" if run.schedule else run.name
    which = (
        "# NAME is one of those that `kubectl get jobs` lists:\n"
        if run.schedule
        else f"# (to run it once more, `kubectl delete job {run.name}` first)\n"
        f"#   kubectl wait job/{run.name} --for=condition=Complete --timeout=1h   # fails where a shard has not proven its part: merge all the same\n"
    )
    claim = "" if run.makes_claim else f" --claim {run.claim_name}"
    vantage = f" --vantage {run.vantage}" if run.vantage else ""
    uid = f"$(kubectl get job {name} -o jsonpath='{{.metadata.uid}}')"
    merge = f"linkproof render kubernetes {run.stack} --shards {run.shards} --image {run.image}{vantage}{claim} --merge {uid}"
    logs = f"kubectl logs -l app.kubernetes.io/instance={run.name},app.kubernetes.io/component={MERGING} --tail=-1"
    head = (
        f"# The verification of stack {run.stack} in {run.shards} shards. Each writes its result into the claim {run.claim_name}. To merge them:\n"
        f"{which}#   {merge} | kubectl apply -f -\n#   {logs}\n"
    )
    return head + _yaml(objects(run))


def merging_text(run: KubernetesRun, uid: str) -> str:
    """The Job that merges one run's results."""
    return _yaml([merging(run, uid)])


def _yaml(documents: list[dict[str, Any]]) -> str:
    import yaml

    return "".join(
        "---\n" + yaml.dump(document, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=2**31)
        for document in documents
    )


def _dumper() -> Any:
    """Lists that are the same object are written twice, and texts of several lines as they are."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, _: Any) -> bool:
            return True

    def written(dumper: Any, value: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Dumper.add_representer(str, written)
    return Dumper
