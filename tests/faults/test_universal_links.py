"""The files by which apps open links: each way in which a vendor refuses one, and the nearest that it takes."""

from __future__ import annotations

import json

import pytest
from linkproof.verify.replay import judge_again

from tests.verify.certificates import Authority
from tests.verify.edges import answer, endpoint
from tests.verify.routes import Routes, redirect
from tests.verify.world import World, expect

HOST = "url.example.test"
APPLE, ANDROID = "/.well-known/apple-app-site-association", "/.well-known/assetlinks.json"
APP, PACKAGE = "ABCDE12345.com.example.app", "com.example.app"
PRINT = ":".join(["AB"] * 32)
RULE = "app.universal-links"


def details(**entry):
    return {"applinks": {"apps": [], "details": [{"appID": APP, **entry}]}}


def statement(**changes):
    target = {"namespace": "android_app", "package_name": PACKAGE, "sha256_cert_fingerprints": [PRINT], **changes}
    return {"relation": ["delegate_permission/common.handle_all_urls"], "target": target}


def file(tree, kind="application/json", status=200):
    return answer(status, tree if isinstance(tree, bytes) else json.dumps(tree).encode(), Content_Type=kind)


GOOD = {APPLE: file(details(paths=["/uni/*"])), ANDROID: file([statement()])}


def check(tmp_path, served, wanted=None, *, save=None, **changes):
    authority = Authority(tmp_path)
    wanted = {"apple": [APP], "android": [PACKAGE]} if wanted is None else wanted
    with World(tmp_path) as world:
        sender = answer(302, b"", Server="msys-http") if changes.get("sender") == "sparkpost" else answer()
        edge = Routes(world, authority.context(HOST), lambda path: {**GOOD, **served}.get(path, sender))
        item = endpoint(universal_links=wanted, **changes)
        result = world.verify(expect(endpoints=[item]), ca=authority.file, save=save)
    return result, [path for path in edge.paths if path.startswith("/.well-known/")]


def found(result):
    return [(finding.rule, finding.severity, finding.observed) for finding in result.findings]


def test_both_files_as_they_should_be_are_asked_for_once_and_silent(tmp_path):
    result, asked = check(tmp_path, {})
    assert (result.verdict, result.findings) == ("proven", ())
    assert sorted(asked) == [APPLE, ANDROID]


def test_what_is_not_declared_is_not_asked_for(tmp_path):
    gone = {APPLE: file(b"", status=404), ANDROID: file(b"", status=404)}
    for wanted, paths in ((None, [APPLE, ANDROID]), ({"android": []}, [ANDROID]), ({"apple": []}, [APPLE])):
        result, asked = check(tmp_path, gone, wanted)
        assert (sorted(asked), len(result.findings)) == (paths, len(paths))
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        edge = Routes(world, authority.context(HOST), lambda _: answer())
        assert world.verify(expect(endpoints=[endpoint()]), ca=authority.file).verdict == "proven"
    assert not [path for path in edge.paths if path.startswith("/.well-known/")]


@pytest.mark.parametrize(
    ("path", "served", "said"),
    [
        (APPLE, file(b"gone", status=404), "HTTP 404"),
        (APPLE, redirect(f"https://www.example.test{APPLE}", 301), "no redirect is followed"),
        (APPLE, file(b"<html>"), "not JSON"),
        (APPLE, file(b'{"applinks": \xff}'), "not UTF-8"),
        (APPLE, file(b"[" * 100_000), "nested too deeply"),
        (APPLE, file(b'{"a":' + b"1" * 5000 + b"}"), "a number too long"),
        (APPLE, file(b'"' + b"a" * 131_072 + b'"'), "over 128 KiB"),
        (APPLE, file({"webcredentials": {"apps": [APP]}}), "no list at applinks.details"),
        (APPLE, file({"applinks": {"details": []}}), "names no app"),
        (APPLE, file({"applinks": {"details": [{"appIDs": ["ABCDE12345.com.example.other"], "paths": ["*"]}]}}), f"no entry for {APP}; it names ABCDE12345.com.example.other"),
        (APPLE, file(details(paths=["/orders/*"])), "covers /uni/*"),
        (APPLE, file(details(paths=["NOT /uni/*", "*"])), "covers /uni/*"),
        (APPLE, file(details(paths=["/UNI/*"])), "covers /uni/*"),
        (APPLE, file(details(components=[{"/": "/orders/*"}])), "covers /uni/*"),
        (APPLE, file(details(components=[{"/": "/uni/*", "exclude": True}, {"/": "/uni/*"}])), "covers /uni/*"),
        (APPLE, file(details(components=[{"#": "app", "/": "/uni/*"}])), "covers /uni/*"),
        (ANDROID, file([statement()], status=301), "HTTP 301 to nowhere"),
        (ANDROID, file([statement()], kind="text/html"), "not application/json"),
        (ANDROID, file({"relation": []}), "not a list of statements"),
        (ANDROID, file([]), f"no statement lets {PACKAGE}"),
        (ANDROID, file([statement(package_name="com.example.other")]), "it names com.example.other"),
        (ANDROID, file([{**statement(), "relation": ["delegate_permission/common.get_login_creds"]}]), f"no statement lets {PACKAGE}"),
        (ANDROID, file([statement(sha256_cert_fingerprints=["AB:CD"])]), "no SHA-256 fingerprint"),
    ],
    ids=range(23),
)  # fmt: skip
def test_what_a_vendor_refuses_is_an_error_where_users_tap(tmp_path, path, served, said):
    result, _ = check(tmp_path, {path: served})
    assert [(rule, severity) for rule, severity, _ in found(result)] == [(RULE, "error")]
    assert said in result.findings[0].observed
    assert path in result.findings[0].expected
    assert path in result.findings[0].reproduce


@pytest.mark.parametrize(
    ("path", "served"),
    [
        (APPLE, file(details(paths=["NOT /orders/*", "/uni/*"]))),
        (APPLE, file(details(paths=["/uni/??/click"]))),
        (APPLE, file(details(components=[{"#": "no_app", "exclude": True}, {"/": "/uni/*", "?": "*"}]))),
        (APPLE, file(details(components=[{"/": "/UNI/*", "caseSensitive": False}]))),
        (APPLE, file(details(components=[{"/": "/$(word)/ls/click"}]))),
        (APPLE, file(details(components=[{"/": "/uni/*", "?": {"upn": "?*"}}]))),
        (APPLE, file({"applinks": {"details": {APP: {"paths": ["/uni/*"]}}}})),
        (APPLE, file({"applinks": {"details": [{"appIDs": ["X.y", APP], "components": [{"/": "/uni/*"}]}]}})),
        (APPLE, file(details(paths=["/uni/*"]), kind="application/json; charset=utf-8")),
        (APPLE, file(b"\x30\x82signed", kind="application/pkcs7-mime")),
        (APPLE, file(b"\xef\xbb\xbf" + json.dumps(details(paths=["/uni/*"])).encode())),
        (ANDROID, file([statement(package_name="com.example.other"), statement()])),
        (ANDROID, file([{"include": "https://www.example.test/more.json"}, statement()])),
    ],
    ids=range(13),
)
def test_what_a_vendor_takes_is_silent(tmp_path, path, served):
    result, _ = check(tmp_path, {path: served})
    assert (result.verdict, result.findings) == ("proven", ())


def test_what_only_may_be_wrong_is_a_warning(tmp_path):
    result, _ = check(tmp_path, {APPLE: file(details(paths=["/uni/*"]), kind="text/plain")})
    assert [(rule, severity) for rule, severity, _ in found(result)] == [(RULE, "warning")]
    wide, _ = check(tmp_path, {APPLE: file(details(paths=["*"]))})
    assert [(rule, severity) for rule, severity, _ in found(wide)] == [(RULE, "warning")]
    assert "every tracked link goes to the app" in wide.findings[0].observed


def test_before_the_host_has_moved_nobody_is_hurt(tmp_path):
    gone = {APPLE: file(b"", status=404)}
    result, _ = check(tmp_path, gone, phase="ready", connect="127.61.10.1")
    assert [(rule, severity) for rule, severity, _ in found(result)] == [(RULE, "warning")]


def test_a_statement_that_may_stand_in_another_file_could_not_be_checked(tmp_path):
    result, _ = check(tmp_path, {ANDROID: file([{"include": "https://www.example.test/more.json"}])})
    assert (result.verdict, result.findings) == ("not-proven", ())
    assert "includes another file" in result.could_not_check[0].reason


@pytest.mark.parametrize(
    ("paths", "declared", "covered"),
    [
        (["/f/open-in-app/*"], None, True),
        (["*"], None, True),
        (["/orders/*"], None, False),
        (["/f/open-in-app/*"], "/f/open-in-app/", True),
        (["/f/elsewhere/*"], "/f/open-in-app/", False),
    ],
)
def test_sparkposts_sub_path_is_the_users_own_word(tmp_path, paths, declared, covered):
    wanted = {"apple": [APP], "path": declared}
    result, _ = check(tmp_path, {APPLE: file(details(paths=paths))}, wanted, sender="sparkpost")
    assert [rule for rule, _, _ in found(result)] == ([] if covered else [RULE])


def test_a_sender_without_a_documented_path_is_said_not_to_be_checked(tmp_path):
    anything = {APPLE: file(details(paths=["/orders/*"]))}
    result, _ = check(tmp_path, anything, {"apple": [APP]}, sender=None)
    assert (result.verdict, result.findings) == ("proven", ())
    assert any("name their `path`" in item.reason for item in result.optional)
    named, _ = check(tmp_path, anything, {"apple": [APP], "path": "/orders/"}, sender=None)
    assert (named.findings, any("name their" in item.reason for item in named.optional)) == ((), False)


@pytest.mark.parametrize("served", [{}, {APPLE: file(b"<html>"), ANDROID: redirect("https://www.example.test/")}])
def test_a_kept_run_is_judged_the_same_again(tmp_path, served):
    folder = tmp_path / "evidence"
    result, _ = check(tmp_path, served, save=folder)
    judged = judge_again(folder)
    assert judged.result == result
    assert judged.result.cells == result.cells


def test_every_address_is_asked(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        world.vendor.set("edge.vendor.test.", "A", ["127.61.10.1", "127.61.10.2"])
        context = authority.context(HOST)
        Routes(world, context, lambda path: GOOD.get(path, answer()))
        Routes(world, context, lambda path: answer(), address="127.61.10.2")
        item = endpoint(universal_links={"apple": [APP], "android": [PACKAGE]})
        result = world.verify(expect(endpoints=[item]), ca=authority.file)
    assert {(finding.rule, finding.vantage.address) for finding in result.findings} == {(RULE, "127.61.10.2")}


def test_a_pattern_made_to_slow_the_match_is_read_like_any_other(tmp_path):
    slow = file(details(paths=["*u" * 30_000, "/" + "*?" * 15_000, "/uni/*"]))
    assert check(tmp_path, {APPLE: slow})[0].findings == ()
