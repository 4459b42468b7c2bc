"""Links that another has taken the place of."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.rules import Fault
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View
from linkproof.show import did_you_mean, show


@rule(
    "link.successor",
    because="mail already sent has the old host in it, so both links live side by side until nobody reads that mail any more",
)
def successor(view: View) -> Iterator[Fault]:
    links = view.declaration.links
    for link in links.values():
        if link.successor is None:
            continue
        path, key, until = f"{link.path}.successor", link.successor.link, link.successor.until
        new = links.get(key)
        if key == link.key:
            yield Fault(f"{path}.link", "a link cannot take its own place", "name the link that new mail has")
        elif new is None and key not in view.keys_unread("links"):
            yield Fault(f"{path}.link", f"there is no link {show(key)}", did_you_mean(key, [*links]))
        elif new is not None and new.successor is not None and new.successor.until <= until:
            message = f"{new.path} itself may go from {new.successor.until} on, and is to be in place of this link until {until}"
            yield Fault(f"{path}.link", message, "name the link that new mail has now")
        if not link.in_use:
            message = "no mail has this link (`in_use: false`), so none has to work until a day"
            yield Fault(path, message, "remove `successor`, and the link with it, or `in_use`")
