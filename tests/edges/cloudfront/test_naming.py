"""The names that policies get are legal whatever the stack is called, and never another stack's."""

from __future__ import annotations

import re

import pytest

from infra.edges.cloudfront.naming import policy_name

RESOURCE = "default/sendgrid.net/1"


@pytest.mark.parametrize(
    "owner",
    [
        "organization/linkproof/prod",
        "acme/mail.tools/prod.eu-west_1",
        f"acme/linkproof/{'s' * 100}",
        "a/b/p" + "." * 99,
    ],
)
def test_a_name_is_one_that_cloudfront_takes(owner: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,128}", policy_name(owner, RESOURCE))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,128}", policy_name(owner, f"{'a' * 90}/eu.sendgrid.net/20"))


def test_what_differs_only_in_what_is_not_allowed_or_cut_has_names_of_its_own() -> None:
    owners = ["acme/l/prod.eu", "acme/l/prod-eu", "other/l/prod-eu", "acme/l.p/rod-eu", f"acme/l/{'s' * 100}"]
    resources = [RESOURCE, "default/sendgrid-net/1", f"{'a' * 120}/1", f"{'a' * 120}/2"]
    names = {policy_name(owner, resource) for owner in owners for resource in resources}
    assert len(names) == len(owners) * len(resources)


def test_a_name_can_be_read_and_stays() -> None:
    first = policy_name("organization/linkproof/prod", RESOURCE)
    assert first.startswith("linkproof-prod-default-sendgrid-net-1-")
    assert first == policy_name("organization/linkproof/prod", RESOURCE)
