"""What ends a verification on a cluster, or keeps it from beginning."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.errors import LinkproofError


class NoSchedulerError(LinkproofError):
    """Nobody answers as a scheduler of Dask does."""

    def __init__(self, uri: str, reason: str) -> None:
        super().__init__(
            f"no scheduler of Dask answers at {uri}: {reason}",
            "start one (`dask scheduler`), or correct --engine; a scheduler with TLS is dask+tls://…",
        )
        self.uri = uri


class OtherVersionError(LinkproofError):
    """A worker has another linkproof, whose result would mean something else."""

    def __init__(self, worker: str, theirs: str, ours: str) -> None:
        super().__init__(
            f"worker {worker} has linkproof {theirs}, this is {ours}",
            f"pip install 'linkproof[dask]=={ours}' there, and start it again",
        )
        self.worker, self.theirs, self.ours = worker, theirs, ours


class UnusableWorkerError(LinkproofError):
    """A worker cannot load linkproof at all."""

    def __init__(self, worker: str, reason: str, ours: str) -> None:
        super().__init__(
            f"worker {worker} cannot run linkproof: {reason}",
            f"pip install 'linkproof[dask]=={ours}' there, and start it again",
        )
        self.worker = worker


class NothingReportedError(LinkproofError):
    """No shard came back from anywhere: nothing was found wrong, and nothing is proven."""

    exit_code = 3

    def __init__(self, reasons: Mapping[str, str]) -> None:
        said = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
        super().__init__(f"nothing could be checked: {said}", "see to the cluster, and run this again")
        self.reasons = dict(reasons)
