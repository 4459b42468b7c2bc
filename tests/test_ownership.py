"""The names that policies get are legal whatever the stack is called, and never another stack's."""

from __future__ import annotations

import re

import pytest
from linkproof.ownership import object_name

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
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,128}", object_name(owner, RESOURCE, 128))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,128}", object_name(owner, f"{'a' * 90}/eu.sendgrid.net/20", 128))


def test_what_differs_only_in_what_is_not_allowed_or_cut_has_names_of_its_own() -> None:
    owners = ["acme/l/prod.eu", "acme/l/prod-eu", "other/l/prod-eu", "acme/l.p/rod-eu", f"acme/l/{'s' * 100}"]
    resources = [RESOURCE, "default/sendgrid-net/1", f"{'a' * 120}/1", f"{'a' * 120}/2"]
    names = {object_name(owner, resource, 128) for owner in owners for resource in resources}
    assert len(names) == len(owners) * len(resources)


def test_a_name_can_be_read_and_stays() -> None:
    first = object_name("organization/linkproof/prod", RESOURCE, 128)
    assert first.startswith("linkproof-prod-default-sendgrid-net-1-")
    assert first == object_name("organization/linkproof/prod", RESOURCE, 128)
