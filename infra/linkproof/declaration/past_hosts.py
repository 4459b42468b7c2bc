"""How a tracking host may step: published once the service answers for it, and then never taken back."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.declaration.model import Declaration
from linkproof.declaration.problem import Problem
from linkproof.show import show_host


def host_moves(base: Declaration, head: Declaration) -> Iterator[Problem]:
    """What must not follow: a new host that says nothing, and one in use that waits again."""
    before = {host.host: host for host in base.tracking_hosts.values()}
    for host in head.tracking_hosts.values():
        old, path = before.get(host.host), f"{host.path}.state"
        place, named = head.place(path), show_host(host.host)
        if (old is None or not old.is_published) and host.state is None:
            message = f"{named} is new, and without a state its record would be published before anybody answers for it"
            fix = "write `state: verifying`, upload the certificate, and `state: in-use` once the admin page says so (使用中)"
            yield Problem("past.host-early", place, path, message, fix)
        elif old is not None and old.is_published and not host.is_published:
            message = f"{named} is in use, and its record would be deleted: pages that use it would measure nothing"
            fix = "write `state: in-use`; a renewal of the certificate changes neither DNS nor the tag"
            yield Problem("past.host-taken-back", place, path, message, fix)
