"""What links and stacks share, and what a renamed key must not touch."""

from __future__ import annotations

from tests.engine.sandbox import Sandbox, link, linked

ONE, OTHER = "url1.example.net", "url2.example.net"


def two_links(**keys: str) -> dict[str, object]:
    return linked({keys.get("first", "first"): link(ONE, "branded", None), "second": link(OTHER, "branded", None)})


def test_links_keys_and_stacks(box: Sandbox) -> None:
    box.stack("dev", two_links())
    box.up("dev")

    # a renamed key touches nothing in the cloud
    box.declare("dev", two_links(first="renamed"))
    box.linkproof("guard", "dev")
    assert box.preview("dev") == []
    box.up("dev")
    assert box.verify("dev")[0] == 0

    # of two links that share an owner host, one leaves: its record goes, the shared one stays
    box.linkproof("retire", "second", "--stack", "dev")
    box.declare("dev", linked({"renamed": link(ONE, "branded", None)}))
    box.linkproof("guard", "dev")
    assert [(s["op"], s["urn"].rpartition("::")[2]) for s in box.preview("dev")] == [("delete", f"{OTHER}/CNAME")]
    box.up("dev")
    names = {r["name"] for r in box.control.records("Z0EXAMPLE0NET")["rrsets"] if r["type"] == "CNAME"}
    assert names == {ONE, "1234567.example.net"}
    assert box.verify("dev")[0] == 0

    # a second stack on the same zone knows nothing of the first
    box.stack("other", linked({"theirs": link("url9.example.net", "branded", None, owner="9999999.example.net")}))
    box.up("other")
    assert box.verify("other")[0] == 0
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    box.linkproof("retire", "--all", "--stack", "other")
    box.pulumi("destroy", "--stack", "other", "--yes", "--skip-preview")
    assert box.verify("dev")[0] == 0


def test_what_exists_is_never_adopted_silently(fresh: Sandbox) -> None:
    fresh.stack("holder", linked({"first": link(ONE, "branded", None)}))
    fresh.up("holder")
    fresh.stack("late", linked({"taken": link(ONE, "branded", None, owner="5555555.example.net")}))
    done = fresh.up("late", code=None)
    assert done.returncode != 0
    assert "already exists" in done.stdout + done.stderr
    # the failed deployment is said, so that nothing passes as proven
    code, report = fresh.verify("late")
    assert code in (1, 3)
    assert "deployment" in {entry["id"] for entry in report["could_not_check"]}

    # the somebody lets go: the next deployment makes the rest, and only the rest
    fresh.linkproof("retire", "--all", "--stack", "holder")
    fresh.pulumi("destroy", "--stack", "holder", "--yes", "--skip-preview")
    assert fresh.steps_of_up("late") == [("create", f"{ONE}/CNAME")]
    assert fresh.verify("late")[0] in (0, 4)
