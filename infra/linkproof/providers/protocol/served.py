"""What the authoritative servers give: asked before a vendor is told to look, and before what it holds for a host is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof.providers.protocol.base import Patience, ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linkproof.contract.served import HostServed
    from linkproof.verify.options import VerifyOptions


@dataclass(frozen=True, slots=True)
class Authorities:
    """Args:
    hints: a root hints file; None for the root servers of the internet.
    """

    hints: Path | None
    dns_port: int

    def wait_for(self, records: Mapping[str, str], patience: Patience, missing: str) -> None:
        """Until every authoritative server gives each host its CNAME.

        Args:
            records: target by host.
            missing: what not every server has, and what is not done for that, as the rest of a sentence.

        Raises:
            ProviderError: it did not come to that in time; each server that gives something else is named.
        """
        self._wait(
            records,
            patience,
            _not_at,
            f"not every authoritative server has {missing}",
            "publish them as CNAMEs, neither proxied nor flattened, then run the same command again",
        )

    def wait_for_values(self, records: Sequence[tuple[str, str, str]], patience: Patience, missing: str) -> None:
        """Until every authoritative server gives all of these.

        Args:
            records: name with trailing dot, type, and value in presentation form.
            missing: as for `wait_for`.

        Raises:
            ProviderError: it did not come to that in time.
        """
        from linkproof.verify.authorities import not_serving

        _until(
            lambda: not_serving(records, self._options()),
            patience,
            f"not every authoritative server has {missing}",
            "publish them as they are, then run the same command again",
        )

    def wait_until_gone(self, hosts: Mapping[str, str], patience: Patience) -> None:
        """Until no authoritative server gives anything for these hosts.

        Args:
            hosts: the brand's target by host.

        Raises:
            ProviderError: something is still there, or it cannot be told.
        """
        self._wait(
            hosts,
            patience,
            _still_at,
            "the brand is not deleted: its click host still leads somewhere, and mail that was sent would lose its clicks",
            "take the record away first; if the host has another use now, delete the brand in the console and let it go with `pulumi state delete`",
        )

    def refuse_others(self, hosts: Sequence[str], vendor: str, ours: AbstractSet[str], domain: str) -> None:
        """That none of these hosts leads to the vendor's servers for somebody else.

        Args:
            vendor: the domain that all of its targets are below.
            ours: targets of this account's own objects, with trailing dot.

        Raises:
            ProviderError: one does, or it cannot be told.
        """
        served = self._ask(dict.fromkeys(hosts, ""))
        unknown = [said for host in hosts for said in _unseen(host, served[host])]
        if unknown:
            raise ProviderError(
                f"whether another account sends from {domain} cannot be told: {'; '.join(unknown)}",
                "see that every server of its zone answers, then run the same command again",
            )
        for host in hosts:
            for name in sorted({name for one in served[host].servers for name in one.names[:1]} - ours):
                if name.endswith(f".{vendor}."):
                    raise ProviderError(
                        f"another account of SendGrid's sends from {domain}: {host} leads to {name}",
                        "choose a domain or subdomain that no account has used, or, if that account is gone for good,"
                        " remove its records first",
                    )

    def _wait(self, wanted: Mapping[str, str], patience: Patience, wrong: Wrong, problem: str, fix: str) -> None:
        def found() -> list[str]:
            served = self._ask(wanted)
            return [said for host, target in wanted.items() for said in wrong(host, f"{target}.", served[host])]

        _until(found, patience, problem, fix)

    def _ask(self, hosts: Mapping[str, str]) -> Mapping[str, HostServed]:
        from linkproof.verify.authorities import ask_authorities

        return ask_authorities(list(hosts), [], self._options())[0]

    def _options(self) -> VerifyOptions:
        from linkproof.verify.options import VerifyOptions

        return VerifyOptions(hints=self.hints, dns_port=self.dns_port)


def _until(found: Callable[[], Sequence[str]], patience: Patience, problem: str, fix: str) -> None:
    """Until nothing is found."""
    pause_seconds = 0.5
    while wrong := found():
        if patience.left_seconds() == 0:
            raise ProviderError(f"{problem}: {'; '.join(wrong)}", fix)
        patience.sleep(pause_seconds)
        pause_seconds = min(15.0, pause_seconds * 1.5)


if TYPE_CHECKING:
    Wrong = Callable[[str, str, HostServed], Iterator[str]]


def _not_at(host: str, target: str, served: HostServed) -> Iterator[str]:
    """What keeps the host from being right at every server."""
    yield from _unknown(host, served)
    for one in served.servers:
        if one.names[:1] != (target,):
            given = one.problem or (f"gives {one.names[0]}" if one.names else f"gives no CNAME{_shown(one.addresses)}")
            yield f"{host} at {one.server}: {given}"


def _still_at(host: str, target: str, served: HostServed) -> Iterator[str]:
    yield from _unknown(host, served)
    for one in served.servers:
        if one.names or one.addresses:
            what = "the brand" if target in one.names else (one.names or one.addresses)[0]
            yield f"{host} at {one.server} leads to {what}"
        elif one.problem:
            yield f"{host} at {one.server}: {one.problem}"


def _unseen(host: str, served: HostServed) -> Iterator[str]:
    """Where nobody can say whether something is there. What a CNAME leads on to is of no interest."""
    yield from _unknown(host, served)
    yield from (f"{host} at {one.server}: {one.problem}" for one in served.servers if one.problem and not one.names)


def _unknown(host: str, served: HostServed) -> Iterator[str]:
    if served.problem or not served.servers:
        yield f"{host}: {served.problem or 'no authoritative server was found'}"


def _shown(addresses: tuple[str, ...]) -> str:
    return f", but {', '.join(addresses[:2])}: it is proxied or flattened" if addresses else ""
