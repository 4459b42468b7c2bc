"""Hands each shard to a worker of each vantage, once more where a worker is lost, and merges what comes as it comes."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkproof.shards.dask.errors import (
    NoSchedulerError,
    NothingReportedError,
    OtherVersionError,
    UnusableWorkerError,
)
from linkproof.shards.dask.progress import line
from linkproof.shards.dask.task import prove, version
from linkproof.shards.dask.workers import PREFIX, Team, teams, workers_of
from linkproof.shards.merged import merge

if TYPE_CHECKING:
    from linkproof.shards.dask.address import DaskAddress

_CONNECT_SECONDS = 15
_LOOK_SECONDS = 0.5
# A shard on which this many workers ended one after the other may be what ends them.
_MOST_TRIES = 3


@dataclass
class _Part:
    """One shard of one vantage on its way."""

    vantage: str
    text: str
    tries: int = 0
    future: Any = None
    # whom Dask may give it to, where it goes by addresses; else the resource that it goes by
    given_to: frozenset[str] = frozenset()
    resource: str = ""
    reason: str = ""


@dataclass
class Conductor:
    """One verification on a cluster.

    Args:
        address: of the scheduler.
        vantages: by name, or the name of no particular place alone.
        any_is_here: no vantage was named: every worker is of the only one.
        patience_seconds: how long a vantage may be without any worker before it counts as not heard.
        progress: is told how far it is.
    """

    address: DaskAddress
    vantages: tuple[str, ...]
    any_is_here: bool
    patience_seconds: float
    progress: Callable[[str], None]
    _client: Any = field(default=None, init=False)
    _reasons: dict[str, str] = field(default_factory=dict, init=False)
    _merged: dict[str, Any] | None = field(default=None, init=False)

    @contextlib.contextmanager
    def connected(self) -> Iterator[Conductor]:
        """Raises:
        NoSchedulerError: nobody answers there.
        OtherVersionError, UnusableWorkerError: a worker that is there has no linkproof, or another one.
        """
        from distributed import Client

        # what it would say of a lost worker is said here, and once
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = Client(self.address.uri, timeout=_CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise NoSchedulerError(self.address.uri, str(error).splitlines()[0]) from error
        try:
            self._check_versions()
            yield self
        finally:
            with contextlib.suppress(Exception):
                self._client.close(timeout=5)

    def most_workers(self) -> int:
        """Of one vantage: into so many shards it is worth dividing."""
        return max((len(team.addresses) for team in self._teams().values()), default=0)

    def run(self, jobs: Mapping[str, list[str]], shards: int) -> dict[str, Any]:
        """Every shard from every vantage.

        Args:
            jobs: the texts of the shards' jobs, by vantage.
            shards: how many each vantage has.

        Returns:
            all results as one, in the form of `verify --json`; a vantage that did not report is in `could_not_check`.

        Raises:
            NothingReportedError: none came back.
            OtherVersionError: a worker that came later has another linkproof.
        """
        parts = [_Part(name, text) for name in self.vantages for text in jobs[name]]
        done = dict.fromkeys(self.vantages, 0)
        alone_since: dict[str, float] = {}
        try:
            while open_parts := [part for part in parts if not part.reason and part.text]:
                found = self._teams_or_none()
                if found is None:
                    self._give_up(open_parts, "the scheduler is gone")
                    break
                self._watch(open_parts, found, alone_since)
                for part in open_parts:
                    if self._collect(part):
                        done[part.vantage] += 1
                self.progress(line(done, shards, self._reasons, self._merged))
                self._wait([part.future for part in parts if part.future is not None])
        finally:
            with contextlib.suppress(Exception):
                self._client.cancel([part.future for part in parts if part.future is not None])
        return self._conclusion()

    # who is there ------------------------------------------------------------------------------------------------------
    def _teams(self) -> dict[str, Team]:
        info = self._client.scheduler_info(n_workers=-1)
        return teams(workers_of(info), self.vantages, any_is_here=self.any_is_here)

    def _teams_or_none(self) -> dict[str, Team] | None:
        try:
            return self._teams()
        except (OSError, RuntimeError, TimeoutError):
            return None

    def _check_versions(self) -> None:
        ours = version()
        for address, theirs in self._client.run(version, on_error="return").items():
            if isinstance(theirs, ModuleNotFoundError | ImportError | AttributeError):
                raise UnusableWorkerError(address, str(theirs), ours)
            # one that is lost just now is none that could answer
            if isinstance(theirs, str) and theirs != ours:
                raise OtherVersionError(address, theirs, ours)

    # one part ----------------------------------------------------------------------------------------------------------
    def _watch(self, parts: list[_Part], found: Mapping[str, Team], alone_since: dict[str, float]) -> None:
        """Hand out what nobody has, take back what only the lost have, and give up who is not there for too long."""
        now = time.monotonic()
        for name, team in found.items():
            waiting = [part for part in parts if part.vantage == name]
            if team.addresses:
                alone_since.pop(name, None)
            elif waiting and now - alone_since.setdefault(name, now) >= self.patience_seconds:
                how = f"`dask worker SCHEDULER --name {PREFIX}{name}`, or with `--resources {PREFIX}{name}=1`"
                start = "`dask worker SCHEDULER`" if self.any_is_here else how
                self._give_up(waiting, f"no worker for {self.patience_seconds:.0f} s; start one: {start}")
            for part in waiting:
                # a worker that starts again has another address, at which Dask would not look for it
                is_gone = part.given_to and part.given_to.isdisjoint(team.addresses)
                if part.future is not None and (is_gone or (team.addresses and part.resource and not team.resource)):
                    self._client.cancel([part.future])
                    part.future = None
                if part.future is None and team.addresses and not part.reason:
                    self._hand_out(part, team)

    def _hand_out(self, part: _Part, team: Team) -> None:
        where: dict[str, Any] = {}
        if team.resource:
            where["resources"] = {team.resource: 1}
        elif not self.any_is_here:
            where["workers"] = list(team.addresses)
        part.given_to, part.resource = frozenset(where.get("workers", ())), team.resource
        part.future = self._client.submit(prove, part.text, pure=False, retries=0, **where)

    def _collect(self, part: _Part) -> bool:
        """Whether it has reported, just now."""
        if part.future is None or not part.future.done():
            return False
        future, part.future = part.future, None
        if future.status != "finished":
            self._lost(part, future)
            return False
        try:
            said = json.loads(future.result(timeout=_CONNECT_SECONDS))
        except Exception as error:
            # its worker ended after the work and before the answer was here
            self._tried(part, f"{type(error).__name__}: {error}")
            return False
        if "version" in said:
            raise OtherVersionError(f"of {part.vantage}", said["version"], version())
        if "refused" in said:
            self._give_up([part], said["refused"]["problem"])
            return False
        part.text = ""
        self._merged = merge([one for one in (self._merged, said["result"]) if one is not None])
        return True

    def _lost(self, part: _Part, future: Any) -> None:
        if future.status in {"cancelled", "lost"}:
            return  # handed out again
        error = future.exception(timeout=_CONNECT_SECONDS)
        self._tried(part, f"{type(error).__name__}: {error}")

    def _tried(self, part: _Part, reason: str) -> None:
        part.tries += 1
        if part.tries >= _MOST_TRIES:
            self._give_up([part], f"tried {part.tries} times: {reason}")

    def _give_up(self, parts: list[_Part], reason: str) -> None:
        for part in parts:
            part.reason = reason
            self._reasons.setdefault(part.vantage, reason)
            if part.future is not None:
                with contextlib.suppress(Exception):
                    self._client.cancel([part.future])
                part.future = None

    @staticmethod
    def _wait(futures: list[Any]) -> None:
        """Until one of them has ended, or it is time to look again."""
        from distributed import wait

        if not futures:
            time.sleep(_LOOK_SECONDS)
            return
        # of one that was lost with its worker the next round knows more
        with contextlib.suppress(TimeoutError, CancelledError):
            wait(futures, timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED")

    # the end -----------------------------------------------------------------------------------------------------------
    def _conclusion(self) -> dict[str, Any]:
        if self._merged is None:
            raise NothingReportedError(self._reasons)
        merged: dict[str, Any] = merge([self._merged], vantages=self.vantages)
        for item in merged["could_not_check"]:
            name = item["id"].removeprefix("vantage ")
            if item["vantage"] is None and name in self._reasons:
                item["reason"] += f" ({self._reasons[name]})"
        return merged
