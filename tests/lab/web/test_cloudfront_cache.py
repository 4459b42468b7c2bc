"""What CloudFront's edge answers from its cache."""

from __future__ import annotations

from typing import Any

import pytest

HOST = "url4821.example.net"


def caching(seconds: int, **key: Any) -> dict[str, Any]:
    policy = {"id": "c", "min_ttl": 0, "default_ttl": seconds, "max_ttl": 86400 if seconds else 0}
    return {**policy, "query_strings": "none", "headers": [], "cookies": "none", **key}


def marks(lab: Any, *requests: tuple[str, dict[str, str]]) -> list[str]:
    """X-Cache of each request in turn, without the vendor's name."""
    found: list[str] = []

    async def test() -> None:
        for path, headers in requests:
            got = await lab.cloudfront(HOST, path, headers=headers)
            found.append(got.headers["x-cache"].partition(" ")[0])
            assert ("age" in got.headers) == (found[-1] == "Hit")

    lab.run(test)
    return found


def ages(lab: Any, *paths: str) -> list[bool]:
    """Whether each answer came out of the cache; an error keeps its mark there."""
    found: list[bool] = []

    async def test() -> None:
        for path in paths:
            got = await lab.cloudfront(HOST, path)
            assert got.status < 400 or got.headers["x-cache"] == "Error from cloudfront"
            found.append("age" in got.headers)

    lab.run(test)
    return found


def test_with_caching_switched_off_each_request_reaches_the_origin(lab: Any) -> None:
    lab.distribution("D1", [HOST], cache_policy=caching(0))
    lab.echo.headers = {"Cache-Control": "max-age=600"}
    assert marks(lab, ("/a", {}), ("/a", {})) == ["Miss", "Miss"]
    assert len(lab.echo.requests) == 2


def test_a_key_without_the_query_gives_one_recipients_redirect_to_all(lab: Any) -> None:
    lab.distribution("D1", [HOST], cache_policy=caching(600))
    lab.echo.status, lab.echo.headers = 302, {"Location": "https://example.com/first"}
    assert marks(lab, ("/ls/click?upn=1", {}), ("/ls/click?upn=2", {})) == ["Miss", "Hit"]


def test_a_key_with_the_query_keeps_recipients_apart(lab: Any) -> None:
    lab.distribution("D1", [HOST], cache_policy=caching(600, query_strings="all"))
    assert marks(lab, ("/c?u=1", {}), ("/c?u=2", {}), ("/c?u=1", {})) == ["Miss", "Miss", "Hit"]


def test_only_the_listed_parameters_headers_and_cookies_are_in_the_key(lab: Any) -> None:
    key = {"query_strings": ["u"], "headers": ["Accept-Language"], "cookies": ["seen"]}
    lab.distribution("D1", [HOST], cache_policy=caching(600, **key))
    assert marks(
        lab,
        ("/c?u=1&v=1", {"Accept-Language": "ja", "Cookie": "seen=1; x=1"}),
        ("/c?u=1&v=2", {"Accept-Language": "ja", "Cookie": "seen=1; x=2"}),
        ("/c?u=1&v=1", {"Accept-Language": "en", "Cookie": "seen=1"}),
        ("/c?u=1&v=1", {"Accept-Language": "ja", "Cookie": "seen=2"}),
    ) == ["Miss", "Hit", "Miss", "Miss"]


def test_what_is_in_the_key_is_also_forwarded(lab: Any) -> None:
    lab.distribution(
        "D1", [HOST], cache_policy=caching(600, query_strings="all", headers=["X-A"]), origin_request_policy=None
    )
    marks(lab, ("/c?u=1", {"X-A": "1", "X-B": "2"}))
    (seen,) = lab.echo.requests
    assert seen["target"] == "/c?u=1"
    assert "x-a" in seen["headers"]
    assert "x-b" not in seen["headers"]


def test_the_origin_may_forbid_caching(lab: Any) -> None:
    lab.distribution("D1", [HOST], cache_policy=caching(600))
    lab.echo.headers = {"Cache-Control": "private, max-age=600"}
    assert marks(lab, ("/a", {}), ("/a", {})) == ["Miss", "Miss"]


def test_a_minimum_ttl_overrules_the_origin(lab: Any) -> None:
    lab.distribution("D1", [HOST], cache_policy={**caching(600), "min_ttl": 60})
    lab.echo.headers = {"Cache-Control": "no-store"}
    assert marks(lab, ("/a", {}), ("/a", {})) == ["Miss", "Hit"]


@pytest.mark.parametrize("status", [404, 410, 414, 500, 501, 502, 503, 504])
def test_errors_are_kept_for_ten_seconds_even_with_caching_switched_off(lab: Any, status: int) -> None:
    """One recipient's error for another's click: the key has no query."""
    lab.distribution("D1", [HOST], cache_policy=caching(0), error_caching=[])
    lab.echo.status = status
    assert ages(lab, "/ls/click?upn=1", "/ls/click?upn=2") == [False, True]
    assert len(lab.echo.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 405, 412, 415, 416])
def test_other_errors_are_kept_only_if_the_origin_says_so(lab: Any, status: int) -> None:
    lab.distribution("D1", [HOST], cache_policy=caching(600), error_caching=[])
    lab.echo.status = status
    assert ages(lab, "/a", "/a") == [False, False]
    lab.echo.headers = {"Cache-Control": "max-age=60"}
    assert ages(lab, "/a", "/a") == [False, status != 416]


def test_an_error_is_not_kept_where_its_status_has_a_minimum_of_0(lab: Any) -> None:
    lab.distribution("D1", [HOST], cache_policy=caching(600), error_caching=[[404, 0]])
    lab.echo.status = 404
    assert ages(lab, "/a", "/a") == [False, False]
    lab.echo.status = 503
    assert ages(lab, "/b", "/b") == [False, True]


def test_what_an_error_says_of_itself_counts_up_to_the_maximum_ttl(lab: Any) -> None:
    lab.echo.status, lab.echo.headers = 404, {"Cache-Control": "max-age=60"}
    lab.distribution("D1", [HOST], cache_policy=caching(0))
    assert ages(lab, "/a", "/a") == [False, False]
    lab.distribution("D1", [HOST], cache_policy=caching(600))
    assert ages(lab, "/a", "/a") == [False, True]


def test_an_origin_that_does_not_answer_is_an_error_that_is_kept(lab: Any) -> None:
    lab.distribution("D1", [HOST], error_caching=[], origin={"domain": "nobody.example"})
    assert ages(lab, "/a", "/a") == [False, True]
    lab.distribution("D1", [HOST], error_caching=[[502, 0]], origin={"domain": "nobody.example"})
    assert ages(lab, "/a", "/a") == [False, False]


def test_two_aliases_share_answers_unless_the_host_is_in_the_key(lab: Any) -> None:
    aliases = [HOST, "other.example.net"]

    async def both() -> list[str]:
        return [(await lab.cloudfront(host, "/a")).headers["x-cache"].partition(" ")[0] for host in aliases]

    async def test() -> None:
        lab.distribution("D1", aliases, cache_policy=caching(600))
        assert await both() == ["Miss", "Hit"]
        lab.distribution("D1", aliases, cache_policy=caching(600, headers=["Host"]))
        assert await both() == ["Miss", "Miss"]

    lab.run(test)
