"""What one verification on Kubernetes needs to be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from linkproof.errors import LinkproofError

# Of a CronJob's name, to which a Job adds 11 characters (kubernetes.io/docs: CronJob, "Writing a CronJob spec").
_LONGEST_NAME = 52
# All values of a ConfigMap or Secret together (kubernetes.io/docs: ConfigMap, Motivation): 1 MiB.
MOST_OCTETS = 1024 * 1024
# Five fields of cron, or one of the words for them.
_CRON = re.compile(r"@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[^\s]+( [^\s]+){4}")


class CannotRenderError(LinkproofError):
    """What was asked for has no manifest."""


class TooLargeError(CannotRenderError):
    """The files do not fit into an object of the cluster."""

    def __init__(self, octets: int, claim: str) -> None:
        self.octets = octets
        super().__init__(
            f"expectations.json and what goes with it are {octets:,} octets, and a ConfigMap or Secret holds {MOST_OCTETS:,}",
            f"copy expectations.json into the volume of the claim {claim}, and name its place there: --expectations-at expectations.json",
        )


@dataclass(frozen=True, slots=True)
class KubernetesRun:
    """One verification of a stack by so many pods.

    Args:
        stack: whose expectations they are.
        shards: how many pods; each takes one share of the zones.
        image: of a container that has `linkproof` on its PATH.
        files: name → content of what every pod reads: expectations.json, and hints and trust anchors where the declaration names them.
        arguments: of `verify`, beside those that name files, shard and report.
        claim: the PersistentVolumeClaim for the results, which must exist where `makes_claim` is False.
        makes_claim: render the claim too.
        vantage: the name of this place; empty for none.
        schedule: of a CronJob, in the cluster's form; empty for a Job that runs once.
        expectations_at: where expectations.json is in the claim's volume; empty where it is among `files`.
        is_private: whether a file names a recipient, as real links of the stack's mails do: they go into a Secret.

    Raises:
        CannotRenderError: a value that Kubernetes has no form for.
        TooLargeError: more files than an object holds.
    """

    stack: str
    shards: int
    image: str
    files: Mapping[str, str] = field(repr=False)
    arguments: tuple[str, ...] = ()
    claim: str = ""
    makes_claim: bool = True
    vantage: str = ""
    schedule: str = ""
    expectations_at: str = ""
    is_private: bool = False

    def __post_init__(self) -> None:
        if self.schedule and not _CRON.fullmatch(self.schedule):
            raise CannotRenderError(
                f"--schedule {self.schedule!r}: not a schedule of cron",
                "write five fields, as '17 * * * *', or @hourly",
            )
        if self.expectations_at.startswith("/") or ".." in self.expectations_at.split("/"):
            raise CannotRenderError(
                f"--expectations-at {self.expectations_at!r}: leads out of the volume",
                "write its path below the volume's root",
            )
        octets = sum(len(text.encode()) for text in self.files.values())
        if octets > MOST_OCTETS:
            raise TooLargeError(octets, self.claim_name)

    @property
    def name(self) -> str:
        """A DNS label (RFC 1123): what each object is called."""
        parts = ("linkproof", self.stack, self.vantage)
        text = re.sub(r"[^a-z0-9]+", "-", "-".join(part for part in parts if part).lower())
        return text[:_LONGEST_NAME].strip("-")

    def name_of_merge(self, uid: str) -> str:
        """Of the Job that merges one run: a Job cannot be changed, so each run has its own."""
        return f"{self.name[:45].rstrip('-')}-merge-{uid[:8]}"

    @property
    def claim_name(self) -> str:
        return self.claim or f"{self.name}-results"
