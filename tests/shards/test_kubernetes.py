"""`linkproof render kubernetes`: what a cluster takes, and what it is kept from taking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from linkproof.shards.kubernetes.manifest import objects
from linkproof.shards.kubernetes.run import MOST_OCTETS, CannotRenderError, KubernetesRun, TooLargeError

from tests.commands.cli import good, linkproof, refused

# The oldest with `backoffLimitPerIndex` and the newest that the package has.
VERSIONS = ("1.29.0", "1.34.0")
UID = "0d4f6f2e-5a0e-4d67-9f4b-1f1c7b0c9a11"
CANARY = "https://url1.example.net/ls/click?upn=u001.abc"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "prod.yaml").write_text(good("live") + "verify: {resolvers: [9.9.9.9], ca: extra.pem}\n")
    (tmp_path / "extra.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    (tmp_path / ".linkproof" / "prod").mkdir(parents=True)
    expect(tmp_path)
    return tmp_path


def expect(project: Path, **endpoint: Any) -> None:
    tree = {
        "version": 1,
        "records": [{"id": "one/click", "name": "url1.example.net", "type": "CNAME", "values": ["sendgrid.net"]}],
        "endpoints": [{"id": "one/edge", "host": "url1.example.net", **endpoint}],
    }
    (project / ".linkproof" / "prod" / "expectations.json").write_text(json.dumps(tree, indent=2))


def rendered(project: Path, *options: str) -> list[dict[str, Any]]:
    done = linkproof(
        "render", "kubernetes", "prod", "--shards", "4", "--image", "example/linkproof:1", *options, cwd=project
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = [document for document in yaml.safe_load_all(done.stdout) if document]
    for document in found:
        for version in VERSIONS:
            kubernetes_validate.validate(document, version, strict=True)
    return found


def pod_of(document: dict[str, Any]) -> dict[str, Any]:
    spec = document["spec"]
    job = spec["jobTemplate"]["spec"] if document["kind"] == "CronJob" else spec
    pod: dict[str, Any] = job["template"]["spec"]
    return pod


def test_the_validator_sees_what_is_wrong(project: Path) -> None:
    """The proof of the tests below."""
    job = rendered(project)[-1]
    job["spec"]["backoffLimitPerIndices"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, VERSIONS[0], strict=True)


def test_an_indexed_job_tells_each_pod_its_shard_and_where_its_result_goes(project: Path) -> None:
    files, claim, job = rendered(project, "--vantage", "tokyo")
    assert [files["kind"], claim["kind"], job["kind"]] == ["ConfigMap", "PersistentVolumeClaim", "Job"]
    spec = job["spec"]
    assert (spec["completionMode"], spec["completions"], spec["parallelism"]) == ("Indexed", 4, 4)
    pod = pod_of(job)
    (container,) = pod["containers"]
    assert {"name": "LINKPROOF_SHARDS", "value": "4"} in container["env"]
    assert {"--shard=auto", "--vantage=tokyo", "--resolver=9.9.9.9", "--ca=/etc/linkproof/ca.txt"} < set(
        container["args"]
    )
    assert "--report=json=/results/$(RUN)-$(JOB_COMPLETION_INDEX).json" in container["args"]
    assert {"name": "results", "persistentVolumeClaim": {"claimName": claim["metadata"]["name"]}} in pod["volumes"]
    assert {"name": "results", "mountPath": "/results"} in container["volumeMounts"]
    assert set(files["data"]) == {"expectations.json", "ca.txt"}
    assert json.loads(files["data"]["expectations.json"])["records"][0]["id"] == "one/click"
    assert {"name": "files", "configMap": {"name": files["metadata"]["name"]}} in pod["volumes"]


def test_a_pod_that_said_what_it_found_is_not_asked_again_and_a_lost_one_is(project: Path) -> None:
    spec = rendered(project)[-1]["spec"]
    assert spec["backoffLimitPerIndex"] == 2
    ignored, said = spec["podFailurePolicy"]["rules"]
    assert (ignored["action"], ignored["onPodConditions"][0]["type"]) == ("Ignore", "DisruptionTarget")
    assert (said["action"], said["onExitCodes"]["values"]) == ("FailIndex", [1, 2, 3, 4])


@pytest.mark.parametrize("options", [(), ("--schedule", "17 * * * *"), ("--merge", UID)])
def test_nothing_runs_as_root_or_without_bounds(project: Path, options: tuple[str, ...]) -> None:
    pod = pod_of(rendered(project, *options)[-1])
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["automountServiceAccountToken"] is False
    (container,) = pod["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert set(container["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in container["resources"]["limits"]


def test_a_schedule_makes_a_cron_job_that_never_meets_itself(project: Path) -> None:
    job = rendered(project, "--schedule", "17 * * * *")[-1]
    assert (job["kind"], job["spec"]["schedule"], job["spec"]["concurrencyPolicy"]) == (
        "CronJob",
        "17 * * * *",
        "Forbid",
    )
    assert job["spec"]["jobTemplate"]["spec"]["completions"] == 4


def test_the_first_lines_say_how_to_merge_by_commands_that_exist(project: Path) -> None:
    said = linkproof("render", "kubernetes", "prod", "--shards", "4", "--image", "i:1", cwd=project).stdout
    assert (
        "#   linkproof render kubernetes prod --shards 4 --image i:1 --merge $(kubectl get job linkproof-prod " in said
    )
    (job,) = rendered(project, "--merge", UID)
    assert job["metadata"]["name"] == "linkproof-prod-merge-0d4f6f2e"
    assert "-l app.kubernetes.io/instance=linkproof-prod,app.kubernetes.io/component=merge" in said
    assert job["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"] == "merge"
    assert pod_of(job)["containers"][0]["args"] == [
        "-c",
        f"exec linkproof merge /results/{UID}-*.json --report json=/results/{UID}.json",
    ]


def test_real_links_of_mails_go_into_a_secret(project: Path) -> None:
    expect(project, canaries=[{"url": CANARY, "leads_to": "https://example.net/"}])
    files, *_, job = rendered(project)
    assert (files["kind"], "data" in files) == ("Secret", False)
    assert {"name": "files", "secret": {"secretName": files["metadata"]["name"]}} in pod_of(job)["volumes"]


def test_a_claim_that_exists_is_used_and_none_is_rendered(project: Path) -> None:
    documents = rendered(project, "--claim", "shared", "--expectations-at", "prod/expectations.json")
    assert [document["kind"] for document in documents] == ["ConfigMap", "Job"]
    pod = pod_of(documents[-1])
    assert {"name": "results", "persistentVolumeClaim": {"claimName": "shared"}} in pod["volumes"]
    assert "--expectations=/results/prod/expectations.json" in pod["containers"][0]["args"]
    assert set(documents[0]["data"]) == {"ca.txt"}


def test_more_than_a_config_map_holds_is_refused_with_the_way_round_it(project: Path) -> None:
    fits = {"expectations.json": "x" * MOST_OCTETS}
    assert objects(KubernetesRun("prod", 1, "i", fits))[0]["kind"] == "ConfigMap"
    with pytest.raises(TooLargeError) as error:
        KubernetesRun("prod", 1, "i", {"expectations.json": "x" * MOST_OCTETS, "ca.txt": "y"})
    assert error.value.octets == MOST_OCTETS + 1
    assert "--expectations-at" in error.value.fix


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--schedule", "hourly"), "not a schedule of cron"),
        (("--merge", "$(rm -rf /)"), "is no uid"),
        (("--expectations-at", "../x"), "leads out of the volume"),
    ],
)
def test_what_no_manifest_can_hold_is_refused(project: Path, options: tuple[str, ...], said: str) -> None:
    assert said in refused("render", "kubernetes", "prod", "--shards", "2", "--image", "i", *options, cwd=project)


def test_a_stack_of_the_lab_is_refused(project: Path) -> None:
    (project / "stacks" / "prod.yaml").write_text(good("live").replace("version: 1", "version: 1\nlab: true"))
    assert "a stack of the lab" in refused("render", "kubernetes", "prod", "--shards", "2", "--image", "i", cwd=project)


def test_a_name_that_the_cluster_has_no_form_for_is_made_one() -> None:
    run = KubernetesRun("Prod_EU.1", 1, "i", {}, vantage="tokyo")
    assert run.name == "linkproof-prod-eu-1-tokyo"
    long = KubernetesRun("x" * 80, 1, "i", {})
    assert (len(long.name), len(long.name_of_merge(UID))) == (52, 60), "a CronJob's and a Job's longest"


def test_as_json_the_objects_are_in_one_document(project: Path) -> None:
    done = linkproof("render", "kubernetes", "prod", "--shards", "2", "--image", "i", "--json", cwd=project)
    assert [one["kind"] for one in json.loads(done.stdout)["objects"]] == ["ConfigMap", "PersistentVolumeClaim", "Job"]


def test_a_schedule_is_five_fields_or_a_word() -> None:
    for schedule in ("*/5 0-3 * * 1", "@hourly"):
        assert KubernetesRun("s", 1, "i", {}, schedule=schedule).schedule == schedule
    with pytest.raises(CannotRenderError):
        KubernetesRun("s", 1, "i", {}, schedule="* * * *")
