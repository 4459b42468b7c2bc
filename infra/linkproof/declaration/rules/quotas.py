"""Rules about vendors' quotas, counted before a deployment meets them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import ceil

from linkproof.declaration.model import Edge
from linkproof.declaration.rules.registry import Fault, rule
from linkproof.declaration.rules.vendor import (
    EXPRESSION_FRAME_BYTES,
    MOST_DISTRIBUTIONS,
    MOST_DISTRIBUTIONS_PER_POLICY,
    MOST_EXPRESSION_BYTES,
    MOST_POLICIES,
    MOST_RULES,
)
from linkproof.declaration.rules.view import View


@rule(
    "quota.cloudfront-distributions",
    because="CloudFront: 500 distributions per account by default; one distribution per link",
)
def cloudfront_distributions(view: View) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    links: Counter[str] = Counter()
    for edge, count in _cloudfront_links(view).items():
        first.setdefault(edge.account, edge)
        links[edge.account] += count
    for account, count in links.items():
        if count > MOST_DISTRIBUTIONS:
            message = f"account {account} needs {count} distributions, CloudFront allows {MOST_DISTRIBUTIONS}"
            fix = "spread the links over several accounts, or ask AWS for more and split the declaration by account"
            yield Fault(first[account].path, message, fix)


@rule(
    "quota.cloudfront-policies",
    because="CloudFront: 20 origin-request policies per account, each shared by at most 100 distributions; policies belong to an edge",
)
def cloudfront_policies(view: View) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    policies: Counter[str] = Counter()
    for edge, count in _cloudfront_links(view).items():
        first.setdefault(edge.account, edge)
        policies[edge.account] += ceil(count / MOST_DISTRIBUTIONS_PER_POLICY)
    for account, count in policies.items():
        if count > MOST_POLICIES:
            message = f"account {account} needs {count} origin-request policies, CloudFront allows {MOST_POLICIES}"
            yield Fault(first[account].path, message, "let links of one account share one edge")


@rule(
    "quota.cloudflare-rules",
    because="Cloudflare: rules per zone and ruleset phase by plan (Free 10, Pro 25, Business 50, Enterprise 300), 4 KB per expression",
)
def cloudflare_rules(view: View) -> Iterator[Fault]:
    hosts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for link in view.declaration.links.values():
        found = view.edge_and_zone(link)
        if found and found[0].provider == "cloudflare" and found[0].rulesets == "ours" and link.phase != "branded":
            hosts[found[1].path][found[0].key].append(link.click_host.text)
    for path, by_edge in hosts.items():
        rules = sum(rules_for(names) for names in by_edge.values())
        if rules > MOST_RULES["Enterprise"]:
            message = f"needs {rules} rules per ruleset phase, Cloudflare allows {MOST_RULES['Enterprise']} at most"
            yield Fault(path, message, "spread the links over several zones")
        elif rules > MOST_RULES["Free"]:
            plan = next(name for name, most in MOST_RULES.items() if rules <= most)
            message = f"needs {rules} rules per ruleset phase; the Free plan allows {MOST_RULES['Free']}"
            yield Fault(path, message, f"make sure that the zone is on the {plan} plan or above", "warning")


def rules_for(hosts: Iterable[str]) -> int:
    """How many rules hold these hosts, each expression (`http.host in {"a" "b"}`) within 4 KB."""
    rules, size_bytes = 0, MOST_EXPRESSION_BYTES + 1
    for host in sorted(hosts):
        more = len(host) + 3  # two quotes and a space
        if size_bytes + more > MOST_EXPRESSION_BYTES:
            rules, size_bytes = rules + 1, EXPRESSION_FRAME_BYTES
        size_bytes += more
    return rules


def _cloudfront_links(view: View) -> Counter[Edge]:
    """How many distributions each CloudFront edge has: a branded link has none yet."""
    return Counter(
        edge
        for link in view.declaration.links.values()
        if link.phase != "branded" and (edge := view.declaration.edge_of(link)) and edge.provider == "cloudfront"
    )
