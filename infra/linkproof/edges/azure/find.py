"""Finding a profile and what is in it, and proving that they are what this stack was creating."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.edges.azure import items
from linkproof.edges.azure.facts import API_VERSION
from linkproof.ownership import TAG

if TYPE_CHECKING:
    from linkproof.vendors.azure.client import AzureClient

WITHOUT_OBJECT: frozenset[str] = frozenset()
# Below a profile, with the names of inputs in it.
_BELOW = {
    items.ENDPOINT: "afdEndpoints/{endpointName}",
    items.ORIGIN_GROUP: "originGroups/{originGroupName}",
    items.ORIGIN: "originGroups/{originGroupName}/origins/{originName}",
    items.RULE_SET: "ruleSets/{ruleSetName}",
    items.RULE: "ruleSets/{ruleSetName}/rules/{ruleName}",
    items.SECRET: "secrets/{secretName}",
    items.DOMAIN: "customDomains/{customDomainName}",
    items.ROUTE: "afdEndpoints/{endpointName}/routes/{routeName}",
}


def profiles(inputs: Mapping[str, Any], client: AzureClient) -> Iterator[Candidate]:
    """Ours when its tag is the one that it was made with."""
    id_ = _profile(inputs, client)
    found = client.find(id_, API_VERSION)
    if found is not None:
        yield Candidate(f"profile {inputs['profileName']}", id_, _doubt(found, (inputs.get("tags") or {}).get(TAG)))


def _inside(path: str) -> Finder:
    """What has no tags: its name has a digest of the stack, as its profile's has, and whose that is, it is."""

    def finder(inputs: Mapping[str, Any], client: AzureClient) -> Iterator[Candidate]:
        profile = _profile(inputs, client)
        id_ = f"{profile}/{path.format(**inputs)}"
        if client.find(id_, API_VERSION) is not None:
            held = client.find(profile, API_VERSION) or {}
            marked = (held.get("tags") or {}).get(TAG)
            doubt = "" if marked else "its profile's tags do not say whose it is"
            yield Candidate(id_.partition("/profiles/")[2], id_, doubt)

    return finder


def _profile(inputs: Mapping[str, Any], client: AzureClient) -> str:
    group, profile = inputs["resourceGroupName"], inputs["profileName"]
    return f"{client.root}/resourceGroups/{group}/providers/Microsoft.Cdn/profiles/{profile}"


def _doubt(held: Mapping[str, Any], wanted: str | None) -> str:
    says = (held.get("tags") or {}).get(TAG)
    return "" if wanted and says == wanted else f"its tag {TAG} says {says or 'nothing'}, not {wanted or 'whose it is'}"


_FINDERS: dict[str, Callable[[Mapping[str, Any], AzureClient], Iterator[Candidate]]] = {
    items.PROFILE: profiles,
    **{rtype: _inside(path) for rtype, path in _BELOW.items()},
}
FINDERS: Mapping[str, Finder] = _FINDERS
