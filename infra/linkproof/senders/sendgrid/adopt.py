"""Taking over branded links that exist, by their host, however valid they are; and subusers, by their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning, one_spelling
from linkproof.contract.find import Candidate, Finder
from linkproof.senders.sendgrid import find
from linkproof.senders.sendgrid.items import BRANDING, SUBUSER, WEBHOOK

if TYPE_CHECKING:
    from linkproof.senders.sendgrid.api import SendGridApi


def brands(inputs: Mapping[str, Any], client: SendGridApi) -> Iterator[Candidate]:
    yield from (Candidate(one.what, one.id) for one in find.brands(inputs, client))


def subusers(inputs: Mapping[str, Any], client: SendGridApi) -> Iterator[Candidate]:
    yield from (Candidate(one.what, one.id) for one in find.subusers(inputs, client))


FINDERS: Mapping[str, Finder] = {BRANDING: brands, SUBUSER: subusers}
IN_THE_WAY: Mapping[str, Finder] = {}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    BRANDING: {
        "default": Meaning("another link writes where no link of the From domain is", "default: {live}"),
        "autoSsl": Meaning("another target serves the host over HTTPS, or none does", can_be_kept=False),
        "valid": Meaning("the brand is not valid: mails go without it", can_be_kept=False),
    },
    SUBUSER: {
        "email": Meaning("none: the API cannot change it, and the deployment is refused", "email: {live}"),
        "disabled": Meaning("a subuser that is disabled sends nothing", "disabled: {live}"),
        "ips": Meaning("it sends from these addresses, and from no others: the API does not tell which it has"),
        "region": Meaning("none: a subuser stays in its region, and the deployment is refused", "region: {live}"),
    },
    WEBHOOK: {"events": Meaning("other events are posted"), "signed": Meaning("the posts' signature changes")},
}
# What is in the state alone.
_OPTIONAL = frozenset({"default", "valid"})
_LOCAL = frozenset({"propagationSeconds", "expectedOwner", "expectedTarget", "friendlyName"})


def unnoticed(rtype: str, path: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """What only the provider uses, what is for people, and what an import reads and nothing is declared of."""
    del live
    if path == "region":
        return rtype != SUBUSER  # a brand's is in its targets
    return path in _LOCAL or (path in _OPTIONAL and declared.get(path) is None)


same = one_spelling
