"""Whose HSTS policy reaches a host, by the public suffix list and by what browsers know before they ask."""

from __future__ import annotations

import pytest
from linkproof.registrable import hsts_parents, preloaded_suffix


@pytest.mark.parametrize(
    ("host", "zone", "expected"),
    [
        ("url1.example.com", "example.com", ("example.com",)),
        # the declared zone is a part of the domain
        ("url1.mail.example.com", "mail.example.com", ("mail.example.com", "example.com")),
        # a host between the zone and the click host
        ("url1.www.example.com", "example.com", ("www.example.com", "example.com")),
        ("a.b.c.d.example.co.uk", "c.d.example.co.uk", ("b.c.d.example.co.uk", "c.d.example.co.uk", "d.example.co.uk", "example.co.uk")),
        # above the registrable domain nobody's site stands
        ("url1.example.github.io", "example.github.io", ("example.github.io",)),
        ("url1.city.kawasaki.jp", "city.kawasaki.jp", ("city.kawasaki.jp",)),
        # a suffix that no list has, as in a lab
        ("url1.example.test", "example.test", ("example.test",)),
        # the zone is a public suffix itself
        ("url1.github.io", "github.io", ("github.io",)),
        ("xn--bcher-kva.xn--bcher-kva.example.jp", "example.jp", ("xn--bcher-kva.example.jp", "example.jp")),
        ("com", "", ()),
    ],
)  # fmt: skip
def test_every_name_above_up_to_the_registrable_domain_is_asked(host, zone, expected):
    assert hsts_parents(host, zone) == expected


@pytest.mark.parametrize(
    ("host", "suffix"),
    [
        ("url1.example.dev", "dev"),
        ("url1.mail.brand.app", "app"),
        ("x.page", "page"),
        ("url1.team.service.gov.uk", "service.gov.uk"),
        ("url1.example.com", ""),
        ("dev.example.com", ""),
        ("dev", ""),
        ("url1.example.gov.uk", ""),
    ],
)
def test_suffixes_that_browsers_preload_are_known(host, suffix):
    assert preloaded_suffix(host) == suffix
