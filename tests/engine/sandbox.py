"""A project of its own in a temporary folder, with a lab of its own and the real Pulumi CLI."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from linkproof.engine.cli import JUDGED
from linkproof_lab.client import LabControl
from linkproof_lab.edges.fastly.facts import FASTLY_KEY
from linkproof_lab.settings import LabSettings
from linkproof_lab.vendors.aws.facts import SERVICES
from linkproof_lab.vendors.azure import facts as azure
from linkproof_lab.vendors.cloudflare.control_plane import tokens
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN
from linkproof_lab.vendors.gcp import facts as gcp

from tests.engine.listed import listed
from tests.forked import FORKS
from tests.ports import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
LINKPROOF = [sys.executable, "-m", "linkproof.commands.main"]
TIMEOUT_SECONDS = 300
# Whose account `default` every stack of a sandbox has.
VENDORS = ("aws", "azure", "cloudflare", "fastly", "gcp")
# The stack itself, and the history, which is written with every change of a record.
OF_NO_VENDOR = ("pulumi:pulumi:Stack", "linkproof:index:")


class Sandbox:
    """One project. Commands run in its folder, as a user's would."""

    program = LINKPROOF

    def __init__(
        self,
        root: Path,
        net: int,
        timeout_seconds: float = TIMEOUT_SECONDS,
        infra: Path | None = None,
        *,
        of_checkout: bool = True,
    ) -> None:
        self.root = root
        self.timeout_seconds = timeout_seconds
        # a source root of its own goes before the repository's on the path of every process
        path = [str(folder) for folder in (infra, listed() if of_checkout else None) if folder is not None]
        self.base = _environment() | ({"PYTHONPATH": os.pathsep.join(path)} if path else {})
        # whoever calls the engine here knows what is skipped; the program's own gate has a test of its own
        self.base |= JUDGED
        self._is_checkout = infra is None and of_checkout
        self.environments: dict[str, dict[str, str]] = {}
        self.lab = LabSettings(
            root / ".linkproof" / "lab",
            net=net,
            dns_port=free_port(),
            http_port=free_port(),
            https_port=free_port(),
            api_port=free_port(),
        )
        if not of_checkout:
            return
        for name in ("infra", ".venv", ".cache"):
            if (REPOSITORY / name).exists() and not (root / name).exists():
                (root / name).symlink_to(REPOSITORY / name)
        (root / "Pulumi.yaml").write_text((REPOSITORY / "Pulumi.yaml").read_text())
        (root / "stacks").mkdir()

    # declarations ------------------------------------------------------------------------------
    def stack(
        self,
        name: str,
        declaration: dict[str, Any],
        *,
        token: str = CLOUDFLARE_TOKEN,
        options: dict[str, Any] | None = None,
        secrets: dict[str, str] | None = None,
    ) -> None:
        """Write a stack's two files; the stack itself is made by the first `up`.

        Args:
            options: more of account `default`, by vendor.
            secrets: more of it, likewise.
        """
        self.declare(name, declaration)
        endpoint = self.lab.api_url("vendors/aws")
        config = {
            "linkproof:declaration": str(self.root / "stacks" / f"{name}.yaml"),
            "linkproof:accounts": {
                "default": {
                    "aws": {
                        "region": "us-east-1",
                        "skipCredentialsValidation": True,
                        "skipMetadataApiCheck": True,
                        "skipRegionValidation": True,
                        "endpoints": [dict.fromkeys(SERVICES, endpoint)],
                    },
                    "cloudflare": {"baseUrl": f"{self.lab.api_url('vendors/cloudflare')}/client/v4"},
                    "fastly": {"baseUrl": self.lab.api_url("edges/fastly")},
                    "azure": azure.options(self.lab.api_url("vendors/azure")),
                    "gcp": {"project": "acme-mail", **gcp.endpoints(self.lab.api_url("vendors/gcp"))},
                    **(options or {}),
                }
            },
        }
        (self.root / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump({"config": config}))
        self.linkproof("lab", "up", f"stacks/{name}.yaml", *self._ports())
        if token != CLOUDFLARE_TOKEN:
            with self.control as control:
                control.put_document(
                    tokens.KIND, tokens.key_of(token), {"scopes": list(tokens.LEAST_SCOPES), "zones": [tokens.ANYTHING]}
                )
        self.environments[name] = self._environment(name)
        (self.root / ".linkproof" / name / "backend").mkdir(parents=True, exist_ok=True)
        self.pulumi("stack", "init", "--stack", name)
        own = {
            "cloudflareApiToken": token,
            "awsAccessKey": "AKIDLABDEFAULT",
            "awsSecretKey": "lab-aws-secret",
            "fastlyApiKey": FASTLY_KEY,
            "gcpAccessToken": gcp.GCP_TOKEN,
            "azureClientSecret": azure.CLIENT_SECRET,
        }
        self.give_secrets(name, "default", own | (secrets or {}))

    def aws_account(self, stack: str, account: str, access_key: str) -> None:
        """Give a stack a second AWS account; in the lab each access key is one."""
        file = self.root / f"Pulumi.{stack}.yaml"
        config = yaml.safe_load(file.read_text())
        accounts = config["config"]["linkproof:accounts"]
        accounts[account] = {"aws": accounts["default"]["aws"]}
        file.write_text(yaml.safe_dump(config))
        self.give_secrets(stack, account, {"awsAccessKey": access_key, "awsSecretKey": "lab-aws-secret"})

    def give_secrets(self, stack: str, account: str, values: dict[str, str]) -> None:
        """Add secrets of an account; a name may be a path, as `keycdnCertificateKeys.links`."""
        pairs = [f"linkproof:secrets.{account}.{key}={value}" for key, value in values.items()]
        secrets = [argument for pair in pairs for argument in ("--secret", pair)]
        self.pulumi("config", "set-all", "--path", *secrets, "--stack", stack)

    def declare(self, name: str, declaration: dict[str, Any]) -> None:
        (self.root / "stacks" / f"{name}.yaml").write_text(
            yaml.safe_dump({"version": 1, "lab": True, **declaration}, sort_keys=False)
        )

    def _ports(self) -> list[str]:
        lab = self.lab
        pairs = {
            "net": lab.net,
            "dns-port": lab.dns_port,
            "http-port": lab.http_port,
            "https-port": lab.https_port,
            "api-port": lab.api_port,
        }
        return [argument for name, value in pairs.items() for argument in (f"--{name}", str(value))]

    def _environment(self, name: str) -> dict[str, str]:
        said = json.loads(self.linkproof("env", name, "--json").stdout)
        return {**self.base, **said}

    # commands ----------------------------------------------------------------------------------
    def linkproof(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run `linkproof`; `code` is the exit code that it must end with, None for any."""
        if self._is_checkout:
            return _with_code(FORKS.run(list(arguments), self.root, self.base, self.timeout_seconds), code)
        return self._run([*self.program, *arguments], self.base, code)

    def pulumi(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        stack = arguments[arguments.index("--stack") + 1]
        return self._run(["pulumi", *arguments, "--non-interactive"], self.environments[stack], code)

    def up(self, stack: str, *more: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = self.pulumi("up", "--stack", stack, "--yes", "--skip-preview", "--suppress-outputs", *more, code=code)
        self.linkproof("expectations", stack)
        return done

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        """Run an `up` or `destroy` and give the engine's events, in their order."""
        done = self.pulumi(*arguments, "--yes", "--skip-preview", "--json")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def steps_of_up(self, stack: str) -> list[tuple[str, str]]:
        """Deploy, and give the step and name of every resource of a vendor that was not left as it was."""
        events = self.events("up", "--stack", stack)
        self.linkproof("expectations", stack)
        found = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
        return [
            (m["op"], m["urn"].rpartition("::")[2])
            for m in found
            if m["op"] != "same" and not m["type"].startswith(OF_NO_VENDOR)
        ]

    def preview(self, stack: str) -> list[dict[str, Any]]:
        """The steps that are not `same`, from the engine's JSON."""
        said = json.loads(self.pulumi("preview", "--stack", stack, "--json").stdout)
        return [
            step
            for step in said["steps"]
            if step["op"] not in ("same", "read") and not step["urn"].split("::")[2].startswith(OF_NO_VENDOR)
        ]

    def verify(self, stack: str, *more: str) -> tuple[int, dict[str, Any]]:
        done = self.linkproof("verify", stack, "--json", *more, code=None)
        assert done.stdout.startswith("{"), done.stdout + done.stderr
        return done.returncode, json.loads(done.stdout)

    def state(self, stack: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.pulumi("stack", "export", "--stack", stack).stdout)
        return document

    @property
    def control(self) -> LabControl:
        return LabControl(self.lab)

    def _run(
        self, command: list[str], environment: dict[str, str], code: int | None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=self.timeout_seconds,
            stdin=subprocess.DEVNULL,
        )
        return _with_code(done, code)


def _with_code(done: subprocess.CompletedProcess[str], code: int | None) -> subprocess.CompletedProcess[str]:
    said = f"{' '.join(done.args)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert code is None or done.returncode == code, said
    return done


def forget(resources: list[dict[str, Any]], gone: dict[str, Any]) -> None:
    """Take a resource out of a state as if it had never been in it: the engine refuses one that others still depend on."""
    resources.remove(gone)
    for resource in resources:
        resource["dependencies"] = [urn for urn in resource.get("dependencies") or () if urn != gone["urn"]]
        named = resource.get("propertyDependencies") or {}
        resource["propertyDependencies"] = {
            key: [urn for urn in urns or () if urn != gone["urn"]] for key, urns in named.items()
        }


# Workers that run side by side take nets from halves of their own.
_NETS = iter(range(100, 170) if os.environ.get("PYTEST_XDIST_WORKER", "gw0").endswith(("1", "3")) else range(180, 250))


@contextmanager
def sandbox(root: Path, timeout_seconds: float = TIMEOUT_SECONDS, infra: Path | None = None) -> Iterator[Sandbox]:
    """A sandbox whose lab ends with it; no command in it takes longer than `timeout_seconds`.

    Args:
        infra: a source root in place of the repository's.
    """
    made = Sandbox(root, next(_NETS), timeout_seconds, infra)
    try:
        yield made
    finally:
        made.linkproof("lab", "down")


@contextmanager
def installed(root: Path, program: Path, environment: dict[str, str]) -> Iterator[Sandbox]:
    """A project with a `linkproof` of its own, which no file of the checkout takes part in."""
    made = Sandbox(root, next(_NETS), of_checkout=False)
    made.program, made.base = [str(program)], environment
    try:
        yield made
    finally:
        made.linkproof("lab", "down")


def _environment() -> dict[str, str]:
    """The process's own, with byte code: the engine starts Python for every operation."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def linked(links: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A declaration with a Route 53 and a Cloudflare zone, both kinds of edge, and the given links."""
    return {
        "zones": {
            "example.net": {"dns": "route53", "id": "Z0EXAMPLE0NET"},
            "example.com": {"dns": "cloudflare", "id": "023e105f4ecef8ad9ca31a8372d0c353"},
        },
        "edges": {"aws": {"provider": "cloudfront"}, "cf": {"provider": "cloudflare"}},
        "links": links or {},
        **more,
    }


def link(
    host: str, phase: str = "live", edge: str | None = "aws", owner: str | None = None, **more: Any
) -> dict[str, Any]:
    zone = ".".join(host.split(".")[-2:])
    found = {"sender": "sendgrid", "click_host": host, "owner_host": owner or f"1234567.{zone}", "phase": phase, **more}
    return found | ({"edge": edge} if edge else {})


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Wait for it, for so long at most."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
