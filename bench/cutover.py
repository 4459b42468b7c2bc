"""Every link from `branded` to `secured` and back by `linkproof deploy`, under clicks through Debian's resolvers; and the same by hand.

`.venv/bin/python -m bench.cutover [CLICKS] [--adversity]`: a table with a row for all resolvers with their defaults, one for each that serves stale
answers, and one for the control. A third of the links is clicked only three times through each resolver: before the move, after `secured`, and after the
way back. With `--adversity` everything of `cutover_troubles` happens on the way, and there is no control.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linkproof_lab.edges.cloudflare.data_plane.hosts import LEFT_KIND, ONCE_PROXIED

from bench.cutover_clicks import BAD, Click, Readers
from bench.cutover_resolvers import KINDS, Resolver, running
from bench.cutover_troubles import (
    LOWERED,
    OPTIONS,
    TOO_LONG_SECONDS,
    Trouble,
    dns_hosts_down,
    edge_fails,
    killed,
    ttl_lowered,
)
from bench.measure import Row
from tests.engine.sandbox import Sandbox, link, linked, sandbox

COMMAND = ".venv/bin/python -m bench.cutover"
CLICKS = 210_000  # at least: half of them go through the four resolvers with their defaults, and those are to be 100,000 and more
LINKS = 6  # at each edge
TIMEOUT_SECONDS = 1800  # for one command
WAY = ("ready", "live", "secured", "live", "ready", "branded")
DEPLOY_SECONDS, PROPAGATION_SECONDS, DECLARED_SECONDS = (
    3,
    2,
    8,
)  # as at the real ones, what is declared is a generous bound
TTLS = {"aws": 5, "cf": 60}  # the least that Cloudflare takes; what it proxies has 300
ZONES = {"aws": "example.net", "cf": "example.com"}
NO_TROUBLES: Mapping[int, tuple[Trouble, ...]] = {}
# By the number of the step. The way back to `ready` is the one on which DNS moves while the edge's clicks are at stake.
TROUBLES: Mapping[int, tuple[Trouble, ...]] = {0: (edge_fails,), 1: (ttl_lowered, killed), 4: (dns_hosts_down,)}


class Cutover:
    """A lab with links at both edges, and readers behind resolvers.

    Attributes:
        box: where they are.
        ttls: of single links, by key, where they are not their edge's.

    Args:
        links: how many at each edge; a third of them is rarely clicked.
        last: the phase that links at Cloudflare go back to. The answers that lead to it live five minutes, those that led to the sender one: where
            it is `ready` neither is waited for, and no https is clicked there.
    """

    def __init__(self, box: Sandbox, links: int, last: str = "branded") -> None:
        self.box, self._last = box, last
        self.ttls: dict[str, int] = {}
        self._hosts = {edge: [f"url{n}.{ZONES[edge]}" for n in range(links)] for edge in TTLS}
        rare = {edge: hosts[: links // 3] for edge, hosts in self._hosts.items()}
        self._moved_at = 0.0
        self.rare = [host for hosts in rare.values() for host in hosts]
        self.busy = [host for hosts in self._hosts.values() for host in hosts if host not in self.rare]

    def start(self, phase: str = "branded") -> None:
        """The stack, with its links in this phase."""
        self.box.stack("dev", self._declared(phase))
        with self.box.control as control:
            control.put_document("cloudfront", "settings", {"deploy_seconds": DEPLOY_SECONDS})
            control.set_propagation("*", PROPAGATION_SECONDS)
            control.put_document(LEFT_KIND, ONCE_PROXIED, {"answers": True})
        self.box.up("dev")
        time.sleep(PROPAGATION_SECONDS + 1)

    def there_and_back(
        self,
        readers: Readers,
        clicks: int,
        way: Sequence[str] = WAY,
        troubles: Mapping[int, tuple[Trouble, ...]] = NO_TROUBLES,
    ) -> None:
        """The whole way, with a part of the clicks at each step.

        Args:
            troubles: what happens once a step was declared, by its number.
        """
        readers.once()
        began = time.monotonic()
        for number, phase in enumerate(way):
            back = number > way.index("secured")
            if back and phase == "ready":  # what it leads to has no certificate: mail with https must be out of use
                readers.https_for(())
                readers.more(100)
            self.declare(phase, back=back)
            for trouble in troubles.get(number, ()):
                trouble(self)
            self.deploy(phase, back=back, begun=number in troubles)
            if phase == "secured":  # mail with https goes out once no answer of before leads to the sender
                self._wait_for_old_answers(readers, "aws")
                readers.https_for(self._secured("aws"))
                if self._last == "branded":
                    self._wait_for_old_answers(readers, "cf")
                    readers.https_for(self._secured(*TTLS))
                readers.once()
            readers.reach(clicks * (number + 1) // len(way))
            step = f"{number + 1}/{len(way)} {phase}"
            print(
                f"{step}: {len(readers.ended):,} clicks after {time.monotonic() - began:.0f} s",
                file=sys.stderr,
                flush=True,
            )
        readers.once()

    def declare(self, phase: str, *, back: bool = False) -> None:
        self.box.declare("dev", self._declared(phase, back=back))

    def deploy(self, phase: str, *, back: bool = False, begun: bool = False) -> None:
        """As a person does it, and not one refusal.

        Args:
            begun: an interrupted deployment may have done all of it.
        """
        self.declare(phase, back=back)
        done = self.box.linkproof("deploy", "dev", *OPTIONS, "--json", code=None)
        said = json.loads(done.stdout or "{}")
        if phase == "live" and not back:
            self._moved_at = time.monotonic()
        assert said.get("deployed") or (begun and said.get("refusals") == []), done.stdout + done.stderr
        # 3: nothing can be asked at Cloudflare before a record is proxied; 4: answers of before live on
        assert said["exit"] in (0, 3, 4), done.stdout + done.stderr

    def by_hand(self, phase: str, *, force: bool = False) -> None:
        """As somebody does who has Pulumi and no more."""
        self.declare(phase)
        if force:
            self.box.pulumi("state", "unprotect", "--all", "--yes", "--stack", "dev")
        self.box.up("dev")

    def _wait_for_old_answers(self, readers: Readers, edge: str) -> None:
        while time.monotonic() < self._moved_at + TTLS[edge] + DECLARED_SECONDS:
            readers.more(50)

    def _secured(self, *edges: str) -> list[str]:
        """Those in mail with https: all but where an answer that leads to the sender may still live."""
        return [host for edge in edges for key, host in self._keyed(edge) if key not in self.ttls]

    def _keyed(self, edge: str) -> list[tuple[str, str]]:
        return [(f"{edge}{number}", host) for number, host in enumerate(self._hosts[edge])]

    def _declared(self, phase: str, *, back: bool = False) -> dict[str, Any]:
        links = {}
        for edge in self._hosts:
            at = self._last if back and phase == "branded" and edge == "cf" else phase
            links |= {
                key: link(host, at, edge, ttl_seconds=self.ttls.get(key, TTLS[edge])) for key, host in self._keyed(edge)
            }
        whole = linked(links)
        for zone in whole["zones"].values():
            zone["propagation_seconds"] = DECLARED_SECONDS
        return whole


def rows(clicks: int = CLICKS, *, adversity: bool = False) -> Iterator[Row]:
    """Each as soon as it is measured."""
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder), TIMEOUT_SECONDS) as box:
        cutover = Cutover(box, LINKS)
        if adversity:
            cutover.ttls[LOWERED] = TOO_LONG_SECONDS
        cutover.start()
        with running(Path(folder) / "resolvers", box.lab) as resolvers:
            with Readers(box.lab, resolvers, cutover.busy, cutover.rare) as readers:
                cutover.there_and_back(readers, clicks, troubles=TROUBLES if adversity else NO_TROUBLES)
            clicks_made = readers.settled()
            report(clicks_made)
            yield from _by_resolver(resolvers, clicks_made, adversity=adversity)
            if not adversity:
                yield control(box, cutover, resolvers)
    for kind in {kind.package: kind for kind in KINDS if not kind.is_here}.values():
        yield Row(f"clicks through {kind.name}", f"not measured: {kind.program} is not installed", "0", None, COMMAND)


def _by_resolver(resolvers: Sequence[Resolver], clicks: Sequence[Click], *, adversity: bool) -> Iterator[Row]:
    command = f"{COMMAND} --adversity" if adversity else COMMAND
    met = (
        ", with an edge that fails to deploy, a killed `up`, both DNS hosts down and a TTL lowered first,"
        if adversity
        else ""
    )
    plain = [one.name for one in resolvers if not one.kind.stale]
    of_plain = [click for click in clicks if click.resolver in plain]
    yield Row(
        f"links taken `branded` → `secured` and back by `deploy` ({2 * LINKS} links, CloudFront and Cloudflare){met} through {', '.join(plain)}",
        told(of_plain), "0", not bad(of_plain), command,
    )  # fmt: skip
    for one in resolvers:
        if one.kind.stale:
            yield Row(
                f"the same through {one.name}",
                told([click for click in clicks if click.resolver == one.name]),
                "–",
                None,
                command,
            )


def bad(clicks: Sequence[Click]) -> list[Click]:
    return [click for click in clicks if click.outcome in BAD]


def told(clicks: Sequence[Click]) -> str:
    """How many of each kind."""
    found = Counter(click.outcome for click in clicks)
    return ", ".join(f"{found[outcome]} {outcome}" for outcome in BAD) + f" of {len(clicks):,}"


def control(
    box: Sandbox, cutover: Cutover, resolvers: Sequence[Resolver], phases: Sequence[str] = WAY[:3], clicks: int = 1000
) -> Row:
    """The same steps by plain `pulumi up`, and the edge goes in the deployment that leads the clicks away."""
    with Readers(box.lab, resolvers, cutover.busy, cutover.rare) as readers:
        for phase in phases:
            cutover.by_hand(phase)
            readers.more(clicks // 5)
        cutover.by_hand("branded", force=True)
        readers.more(clicks)
    ended = readers.settled()
    report(ended)
    return Row(
        "the control: the same steps by `pulumi up`, the edge goes with the record",
        told(ended),
        "some",
        bool(bad(ended)),
        COMMAND,
    )


def report(clicks: Sequence[Click]) -> None:
    """What came in place of a destination, on standard error."""
    for (resolver, outcome, said), number in Counter((c.resolver, c.outcome, c.said) for c in bad(clicks)).most_common(
        40
    ):
        print(f"{number} × {outcome} through {resolver}: {said}", file=sys.stderr)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    for row in rows(*numbers[:1], adversity="--adversity" in sys.argv[1:]):
        print(row, flush=True)
