"""All names of one stack: asked at their servers, at the vendors and from outside. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkproof.dangling.judge import judge
from linkproof.dangling.model import Dangling, in_order
from linkproof.dangling.owners import owners
from linkproof.dangling.published import published
from linkproof.dangling.targets import look_up
from linkproof.engine.clients import Clients
from linkproof.engine.state import read_state
from linkproof.expectations.join import join
from linkproof.expectations.model import parse
from linkproof.plan.build import build
from linkproof.verify.authorities import ask_authorities
from linkproof.verify.run import verify

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine
    from linkproof.verify.options import VerifyOptions


def dangling(engine: Engine, declaration: Declaration, options: VerifyOptions, say: Callable[[str], None]) -> Dangling:
    """Whose the target of each name is, in the order in which to mend.

    Raises:
        LinkproofError: the stack was never deployed, its state cannot be read, or the hints file is unusable. What servers
            and vendors do never raises.
    """
    document: dict[str, Any] = engine.export()
    plan, state = build(declaration), read_state(document)
    names = published(plan, state)
    say(f"asking the servers of {len(names)} names")
    served, _ = ask_authorities([one.name for one in names], (), options)
    ends = [name.removesuffix(".") for one in served.values() for at in one.servers for name in at.names]
    targets = look_up(ends, options)
    say("asking from outside and at the vendors")
    wanted = join(plan, state, stack=engine.stack, now=datetime.now(UTC))
    result = verify(parse(wanted, place=f"the expectations of {engine.stack}"), options)
    whose = owners([one.name for one in names], plan, state, result, Clients.when_asked(engine))
    found = [judge(one, served[one.name], targets, whose[one.name]) for one in names]
    return Dangling(engine.stack, tuple(sorted(found, key=in_order)))
