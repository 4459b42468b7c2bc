"""Every case, in the order of the page, and why the rest of the catalogue has none."""

from __future__ import annotations

from bench.compare import cases_dnssec, cases_record, cases_server
from bench.compare.case import Case


def _order(item: Case) -> tuple[str, int, str]:
    return item.row[0], int(item.row[1:]), item.id


CASES: tuple[Case, ...] = tuple(sorted((*cases_record.CASES, *cases_server.CASES, *cases_dnssec.CASES), key=_order))
BY_ID = {case.id: case for case in CASES}

# rows of the catalogue about DNS that were not run, and why
NOT_RUN = {
    "D4": "with D40c to D40j, where unbound fails so",
    "D13": "every case: the link's CNAME always leads into another zone",
    "D20": "no difference between the tools is to be expected: each follows the CNAME that the server makes",
    "D23": "with D22, in the same packets",
    "D38": "views differ by who asks; all tools here ask from one place",
    "D43": "of the declaration, before anything is served",
    "D44": "of the declaration; what was published by such a mistake is D42",
    "D45": "loopback has one IPv6 address, and a dead one counts only where another one works",
    "D48": "needs a network between the tools and the servers, which loopback has not",
}
