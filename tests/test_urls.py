"""URLs in their normal form (RFC 3986 §6.2), and a Location as its octets say."""

from __future__ import annotations

import pytest
from linkproof.urls import location_of, parse_url, same_resource


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("http://example.com:80/", "http://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com./a", "http://example.com/a"),
        ("http://example.com/%7Euser%2d", "http://example.com/~user-"),
        ("http://example.com/%c3%a9", "http://example.com/%C3%A9"),
        ("http://example.com/a/./b/../c", "http://example.com/a/c"),
        ("http://example.com/a/..", "http://example.com/"),
        ("http://example.com/../a", "http://example.com/a"),
        ("http://example.com/?q=%61", "http://example.com/?q=a"),
        ("http://example.com/a b|c", "http://example.com/a%20b%7Cc"),
    ],
)
def test_two_ways_to_write_one_url_are_equal(one, other):
    assert parse_url(one) == parse_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.com/a%2Fb", "http://example.com/a/b"),
        ("http://example.com//a", "http://example.com/a"),
        ("http://example.com/a/", "http://example.com/a"),
        ("http://example.com/A", "http://example.com/a"),
        ("http://example.com/?a=%2B", "http://example.com/?a=+"),
        ("http://example.com/?a;b", "http://example.com/?a&b"),
        ("http://example.com:81/", "http://example.com/"),
        ("http://example.com/", "https://example.com/"),
        ("http://user@example.com/", "http://example.com/"),
        ("http://example.com/CL0/https:%2F%2Fshop.test%2Fa", "http://example.com/CL0/https://shop.test/a"),
    ],
)
def test_two_resources_are_not(one, other):
    assert parse_url(one) != parse_url(other)


@pytest.mark.parametrize("text", ["http://[", "http://example.com:port/", "http://example.com:99999/"])
def test_what_is_no_url_is_none(text):
    assert parse_url(text) is None


def test_a_location_is_read_by_its_octets_and_against_what_was_asked():
    base = "https://example.com/a/b?c"
    assert location_of(base, "/caf\u00c3\u00a9") == "https://example.com/caf%C3%A9", "UTF-8, one character an octet"
    assert location_of(base, "/caf\u00e9") == "https://example.com/caf%E9", "latin-1"
    assert location_of(base, "d?e") == "https://example.com/a/d?e"
    assert location_of(base, "//other.example/x") == "https://other.example/x"
    assert location_of(base, "/CL0/https:%2F%2Fshop.test%2Fa") == "https://example.com/CL0/https:%2F%2Fshop.test%2Fa"
    own, fragment = parse_url(base), parse_url("https://example.com:8443/a/b?c#d")
    assert own is not None
    assert fragment is not None
    assert same_resource(own, fragment)
