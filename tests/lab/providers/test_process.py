"""The provider as a process: its start and end, its version, what it refuses, what it keeps to itself."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import pytest
from google.protobuf import empty_pb2
from linkproof.providers.protocol.values import to_struct
from linkproof_lab.providers.install import install
from linkproof_lab.settings import LabSettings
from linkproof_lab.vendors.aws.control_plane.accounts import account_number
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from tests.lab.providers.harness import (
    CF_ZONE,
    PLANTED_TOKEN,
    ZONE,
    Plugin,
    RefusedError,
    aws_config,
    cloudflare_config,
)

pytestmark = pytest.mark.stand_in_only("how a process of the lab's starts, waits and ends")


def gone(pid: int, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_all_are_installed_under_the_version_of_the_sdk_and_only_once(tmp_path):
    settings = LabSettings(tmp_path)
    install(settings)
    files = sorted(settings.pulumi_home.glob("plugins/*/*"))
    assert [str(file.relative_to(settings.pulumi_home / "plugins")) for file in files] == [
        f"resource-aws-v{version('pulumi-aws')}/pulumi-resource-aws",
        f"resource-azure-native-v{version('pulumi-azure-native')}/pulumi-resource-azure-native",
        f"resource-cloudflare-v{version('pulumi-cloudflare')}/pulumi-resource-cloudflare",
        f"resource-fastly-v{version('pulumi-fastly')}/pulumi-resource-fastly",
        f"resource-gcp-v{version('pulumi-gcp')}/pulumi-resource-gcp",
    ]
    before = [file.stat().st_mtime_ns for file in files]
    install(settings)
    assert [file.stat().st_mtime_ns for file in files] == before
    files[0].chmod(0o644)
    install(settings)
    assert files[0].stat().st_mode & 0o111


@pytest.mark.parametrize("name", ["aws", "cloudflare"])
def test_it_answers_with_the_version_of_its_folder(name, request):
    plugin = request.getfixturevalue(name)
    assert plugin.call("GetPluginInfo", empty_pb2.Empty()).version == version(f"pulumi-{name}")
    assert plugin.call("Attach", plugin_pb2.PluginAttach(address="127.0.0.1:1")) == empty_pb2.Empty()


def test_it_ends_by_a_signal_only_after_the_engine_s_cancel(lab):
    """The engine closes a provider by Cancel, then SIGINT; it kills after five seconds, and calls that a crash."""
    plugin = Plugin(lab.settings, "aws", aws_config(lab))
    try:
        plugin.process.send_signal(signal.SIGINT)
        assert plugin.call("GetPluginInfo", empty_pb2.Empty()).version
        assert plugin.process.poll() is None
        plugin.call("Cancel", empty_pb2.Empty())
        plugin.process.send_signal(signal.SIGINT)
        assert plugin.process.wait(30) == 0
    finally:
        plugin.stop()


def test_it_ends_when_its_parent_is_gone(lab):
    """The parent starts the provider, tells its pid, and is then killed without a chance to clean up."""
    (executable,) = lab.settings.pulumi_home.glob("plugins/*/pulumi-resource-aws")
    code = f"import subprocess, time; p = subprocess.Popen([{str(executable)!r}]); print(p.pid, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert int(parent.stdout.readline()) > 0, "the provider prints its port"
        assert not gone(pid, 1), "it must stay while its parent is there"
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(30)
        assert gone(pid)


def test_it_does_not_start_for_an_engine_that_is_gone_already(lab):
    (executable,) = lab.settings.pulumi_home.glob("plugins/*/pulumi-resource-aws")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    done = subprocess.run([executable, address], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert f"no engine at {address}" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "change", "property_name"),
    [
        ("aws", {"endpoints": '[{"route53": "https://route53.amazonaws.com"}]'}, "endpoints"),
        ("aws", {"endpoints": '[{"route53": "http://192.0.2.1:8090"}]'}, "endpoints"),
        ("aws", {"endpoints": None}, "endpoints"),
        ("aws", {"secretKey": None}, "secretKey"),
        ("cloudflare", {"baseUrl": "https://api.cloudflare.com/client/v4"}, "baseUrl"),
        ("cloudflare", {"baseUrl": "http://localhost.example/client/v4"}, "baseUrl"),
        ("cloudflare", {"baseUrl": None}, "baseUrl"),
        ("cloudflare", {"apiToken": None}, "apiToken"),
        ("cloudflare", {"apiToken": "t" * 39}, "apiToken"),
        ("cloudflare", {"apiToken": "t" * 81}, "apiToken"),
        ("cloudflare", {"apiToken": "not/a/token" * 4}, "apiToken"),
    ],
)
def test_it_works_for_a_lab_on_loopback_only(lab, request, name, change, property_name):
    plugin = request.getfixturevalue(name)
    good = aws_config(lab) if name == "aws" else cloudflare_config(lab)
    config = {key: value for key, value in {**good, **change}.items() if value is not None}
    answer = plugin.call("CheckConfig", provider_pb2.CheckRequest(news=to_struct(config)))
    assert [failure.property for failure in answer.failures] == [property_name]
    with pytest.raises(RefusedError, match=f"{name}: {property_name}"):
        plugin.call("Configure", provider_pb2.ConfigureRequest(args=to_struct(config)))


def test_a_rejected_token_is_not_in_the_error(lab):
    plugin = Plugin(
        lab.settings,
        "cloudflare",
        {**cloudflare_config(lab), "apiToken": "planted-bad-token-0123456789-0123456789-abc"},
    )
    try:
        record = plugin.resource("cloudflare:index/dnsRecord:DnsRecord")
        with pytest.raises(RefusedError, match="HTTP 403, 10000: Authentication error") as caught:
            record.create(
                {
                    "zoneId": CF_ZONE,
                    "name": "planted-bad-token-0123456789-0123456789-abc.example.com",
                    "type": "A",
                    "ttl": 1,
                    "content": "192.0.2.1",
                }
            )
        assert "planted-bad-token" not in str(caught.value)
    finally:
        plugin.stop()


RECORD = {"zoneId": CF_ZONE, "name": "env.example.com", "type": "A", "ttl": 1, "content": "192.0.2.1"}


def test_a_token_that_is_not_given_is_the_environment_s(lab):
    without = {key: value for key, value in cloudflare_config(lab).items() if key != "apiToken"}
    plugin = Plugin(lab.settings, "cloudflare", without, {"CLOUDFLARE_API_TOKEN": PLANTED_TOKEN})
    try:
        plugin.resource("cloudflare:index/dnsRecord:DnsRecord").create(RECORD).delete()
    finally:
        plugin.stop()


def test_a_token_that_is_given_as_nothing_keeps_the_environment_s_away(lab):
    """The bridge makes an empty string of a secret null: every call is then refused."""
    without = {key: value for key, value in cloudflare_config(lab).items() if key != "apiToken"}
    environment = {"CLOUDFLARE_API_TOKEN": PLANTED_TOKEN}
    plugin = Plugin(lab.settings, "cloudflare", without, environment, secret_null="apiToken")
    try:
        with pytest.raises(RefusedError, match="HTTP 400, 6003: Invalid request headers"):
            plugin.resource("cloudflare:index/dnsRecord:DnsRecord").create(RECORD)
    finally:
        plugin.stop()


@pytest.mark.parametrize("given", [{}, {"accessKey": "", "secretKey": ""}])
def test_keys_that_are_not_given_are_the_environment_s(lab, given):
    without = {key: value for key, value in aws_config(lab).items() if key not in ("accessKey", "secretKey")}
    keys = {"AWS_ACCESS_KEY_ID": "AKIALABOFTHEENV00001", "AWS_SECRET_ACCESS_KEY": "planted-env-key"}
    plugin = Plugin(lab.settings, "aws", {**without, **given}, keys)
    try:
        certificate = plugin.resource("aws:acm/certificate:Certificate")
        certificate.create({"domainName": "env.example.net", "validationMethod": "DNS"})
        assert f":{account_number('AKIALABOFTHEENV00001')}:" in certificate.id
        certificate.delete()
    finally:
        plugin.stop()


def test_it_waits_as_long_as_the_vendor_asks(cloudflare, lab):
    """One request in two seconds: the second of two must wait, and neither may fail."""
    lab.store.put("rate-limit", "cloudflare", {"requests": 1, "per_seconds": 2})
    try:
        record = cloudflare.resource("cloudflare:index/dnsRecord:DnsRecord")
        record.create({"zoneId": CF_ZONE, "name": "wait.example.com", "type": "A", "ttl": 1, "content": "192.0.2.1"})
        assert record.refresh() is not None
    finally:
        lab.store.delete("rate-limit", "cloudflare")
    record.delete()


def test_a_cancel_ends_a_wait(lab):
    plugin = Plugin(lab.settings, "aws", aws_config(lab))
    lab.store.put("route53", "settings", {"insync_seconds": 3600})
    try:
        record = plugin.resource("aws:route53/record:Record")
        inputs = {"zoneId": ZONE, "name": "cancel.example.net", "type": "A", "ttl": 60, "records": ["192.0.2.1"]}
        with ThreadPoolExecutor() as pool:
            creating = pool.submit(record.create, inputs)
            while lab.store.rrset(ZONE, "cancel.example.net", "A") is None:
                time.sleep(0.02)
            plugin.call("Cancel", empty_pb2.Empty())
            with pytest.raises(RefusedError, match="cancelled") as caught:
                creating.result(30)
        assert caught.value.init_failed.id.endswith("cancel.example.net_A")
    finally:
        lab.store.delete("route53", "settings")
        plugin.stop()


def test_a_type_that_is_not_served_is_named(aws):
    with pytest.raises(RefusedError, match=r"aws:sqs/queue:Queue is not served here"):
        aws.resource("aws:sqs/queue:Queue").check({})


def test_concurrent_creates_do_not_mix(aws, lab):
    def life(n):
        record = aws.resource("aws:route53/record:Record", f"r{n}")
        record.create(
            {"zoneId": ZONE, "name": f"r{n}.example.net", "type": "A", "ttl": 60, "records": [f"192.0.2.{n}"]}
        )
        values = record.refresh()[0]["records"]
        record.delete()
        return values

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(life, range(1, 33))) == [[f"192.0.2.{n}"] for n in range(1, 33)]
