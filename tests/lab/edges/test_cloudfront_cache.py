"""What CloudFront's edge answers from its cache."""

from __future__ import annotations

from typing import Any

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


def test_errors_are_not_kept(lab: Any) -> None:
    lab.distribution("D1", [HOST], cache_policy=caching(600))
    lab.echo.status = 404
    assert marks(lab, ("/a", {}), ("/a", {})) == ["Error", "Error"]
    assert len(lab.echo.requests) == 2


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
