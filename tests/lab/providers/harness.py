"""A lab's APIs in a thread, and the providers started and called as the engine does."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import grpc
import httpx
from google.protobuf import struct_pb2
from linkproof.providers.protocol.values import SECRET, SIGNATURE_KEY, Properties, from_struct, to_struct
from linkproof_lab import apis, ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.facts import SERVICES
from linkproof_lab.vendors.azure import facts as azure
from linkproof_lab.vendors.cloudflare.control_plane import tokens
from linkproof_lab.vendors.gcp.facts import GCP_TOKEN, endpoints
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from tests.ports import free_port

ZONE = "Z0PROVIDERTEST"
BY_HAND = "a-token-of-somebody-who-works-by-hand-01234"
PLANTED_TOKEN = "planted-api-token-0123456789-0123456789-abcdef"
CF_ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
GCP_ZONE = "example-org"
AZURE_ZONE = "mail/example.biz"


class Lab:
    """The vendors' APIs at addresses of their own, with one zone at each DNS host."""

    def __init__(self, folder: Path) -> None:
        self.settings = LabSettings(folder, net=random.randrange(100, 250), api_port=free_port())
        self.store = Store(self.settings.database)
        ca.ensure(self.settings)
        servers = tuple(
            (f"ns{n}.lab", address) for n, address in enumerate(self.settings.server_addresses("route53"), 1)
        )
        self.store.ensure_zone(ZONE, "example.net", "route53", servers)
        self.store.ensure_zone(CF_ZONE, "example.com", "cloudflare", servers[:2])
        self.store.ensure_zone(GCP_ZONE, "example.org", "gcp", servers[:2])
        self.store.ensure_zone(AZURE_ZONE, "example.biz", "azure", servers[:2])
        for token, scopes in ((BY_HAND, ["*"]), (PLANTED_TOKEN, list(tokens.LEAST_SCOPES))):
            self.store.put(tokens.KIND, tokens.key_of(token), {"scopes": scopes, "zones": ["*"]})
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.running = asyncio.run_coroutine_threadsafe(apis.start(self.settings, self.store), self.loop).result(30)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.running.stop(), self.loop).result(30)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(30)
        self.loop.close()
        self.store.close()


class RefusedError(Exception):
    """The provider answered with an error."""

    def __init__(self, error: grpc.RpcError) -> None:
        super().__init__(error.details())
        self.init_failed: provider_pb2.ErrorResourceInitFailed | None = None
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                status = status_pb2.Status.FromString(value)
                self.init_failed = provider_pb2.ErrorResourceInitFailed()
                assert status.details[0].Unpack(self.init_failed)


class Plugin:
    """One provider process, called as the engine calls it."""

    def __init__(
        self,
        settings: LabSettings,
        name: str,
        config: Properties,
        environment: dict[str, str] | None = None,
        *,
        secret_null: str = "",
        executable: Path | None = None,
    ) -> None:
        self.name = name
        if executable is None:
            (executable,) = settings.pulumi_home.glob(f"plugins/resource-{name}-v*/pulumi-resource-{name}")
        self.engine = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{self.engine.getsockname()[1]}"
        self.process = subprocess.Popen(
            [executable, address],
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "HOME": str(settings.state_dir), **(environment or {})},
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)
        self.call("Handshake", provider_pb2.ProviderHandshakeRequest(engine_address=address, configure_with_urn=True))
        news = to_struct(config)
        if secret_null:  # an option that is a secret without a value
            wrapped = news.fields[secret_null].struct_value
            wrapped.fields[SIGNATURE_KEY].string_value = SECRET
            wrapped.fields["value"].null_value = struct_pb2.NULL_VALUE
        checked = self.call("CheckConfig", provider_pb2.CheckRequest(news=news))
        assert not checked.failures, checked.failures
        self.call("Configure", provider_pb2.ConfigureRequest(args=checked.inputs))

    def call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self.stub, method)(request, timeout=60)
        except grpc.RpcError as error:
            raise RefusedError(error) from None

    def resource(self, token: str, name: str = "it") -> Resource:
        return Resource(self, token, name)

    def stop(self) -> None:
        self.channel.close()
        self.process.kill()
        self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()
        self.engine.close()


class Resource:
    """One resource and its state, with the engine's steps."""

    def __init__(self, plugin: Plugin, token: str, name: str) -> None:
        self.plugin = plugin
        self.urn = f"urn:pulumi:dev::linkproof::{token}::{name}"
        self.id = ""
        self.inputs: Properties = {}
        self.outputs: Properties = {}

    def check(self, inputs: Properties) -> Properties:
        answer = self.plugin.call(
            "Check",
            provider_pb2.CheckRequest(
                urn=self.urn, olds=to_struct(self.inputs), news=to_struct(inputs), randomSeed=b"1"
            ),
        )
        if answer.failures:
            raise AssertionError([failure.reason for failure in answer.failures])
        return from_struct(answer.inputs)

    def failures(self, inputs: Properties) -> dict[str, str]:
        request = provider_pb2.CheckRequest(urn=self.urn, news=to_struct(inputs))
        return {one.property: one.reason for one in self.plugin.call("Check", request).failures}

    def preview(self, inputs: Properties) -> Properties:
        request = provider_pb2.CreateRequest(urn=self.urn, properties=to_struct(self.check(inputs)), preview=True)
        answer = self.plugin.call("Create", request)
        assert not answer.id
        return from_struct(answer.properties)

    def create(self, inputs: Properties, timeout: float = 0) -> Resource:
        inputs = self.check(inputs)
        request = provider_pb2.CreateRequest(urn=self.urn, properties=to_struct(inputs), timeout=timeout)
        answer = self.plugin.call("Create", request)
        assert answer.id
        self.id, self.inputs, self.outputs = answer.id, inputs, from_struct(answer.properties)
        return self

    def diff(self, inputs: Properties) -> provider_pb2.DiffResponse:
        request = provider_pb2.DiffRequest(
            urn=self.urn,
            id=self.id,
            olds=to_struct(self.outputs),
            old_inputs=to_struct(self.inputs),
            news=to_struct(self.check(inputs)),
        )
        answer: provider_pb2.DiffResponse = self.plugin.call("Diff", request)
        return answer

    def changed(self, inputs: Properties) -> tuple[set[str], set[str]]:
        """Paths that differ, and properties that replace."""
        answer = self.diff(inputs)
        assert (answer.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(answer.detailedDiff)
        return set(answer.detailedDiff), set(answer.replaces)

    def update(self, inputs: Properties, *, preview: bool = False, timeout: float = 0) -> Properties:
        inputs = self.check(inputs)
        request = provider_pb2.UpdateRequest(
            urn=self.urn,
            id=self.id,
            olds=to_struct(self.outputs),
            old_inputs=to_struct(self.inputs),
            news=to_struct(inputs),
            preview=preview,
            timeout=timeout,
        )
        outputs = from_struct(self.plugin.call("Update", request).properties)
        if not preview:
            self.inputs, self.outputs = inputs, outputs
        return outputs

    def refresh(self) -> tuple[Properties, Properties] | None:
        """(inputs, outputs) as read, or None when the object is gone."""
        return self._read(self.id, self.inputs, self.outputs)

    def imported(self, import_id: str) -> tuple[str, Properties, Properties] | None:
        request = provider_pb2.ReadRequest(urn=self.urn, id=import_id)
        answer = self.plugin.call("Read", request)
        return (answer.id, from_struct(answer.inputs), from_struct(answer.properties)) if answer.id else None

    def _read(self, resource_id: str, inputs: Properties, outputs: Properties) -> tuple[Properties, Properties] | None:
        request = provider_pb2.ReadRequest(
            urn=self.urn, id=resource_id, inputs=to_struct(inputs), properties=to_struct(outputs)
        )
        answer = self.plugin.call("Read", request)
        return (from_struct(answer.inputs), from_struct(answer.properties)) if answer.id else None

    def delete(self) -> None:
        request = provider_pb2.DeleteRequest(
            urn=self.urn, id=self.id, properties=to_struct(self.outputs), old_inputs=to_struct(self.inputs)
        )
        self.plugin.call("Delete", request)


def cloudflare_api(lab: Lab, method: str, path: str, body: Any = None) -> httpx.Response:
    """A call behind the engine's back."""
    url = f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/zones/{CF_ZONE}/{path}"
    return httpx.request(method, url, json=body, headers={"authorization": f"Bearer {BY_HAND}"}, trust_env=False)


def issue_certificate(lab: Lab, arn: str) -> None:
    """What ACM does once it has found the validation records."""
    doc = lab.store.get("acm-certificate", arn)
    assert doc
    made = ca.issue(lab.settings, doc["names"], key="ec256")
    pems = {"cert_pem": made.cert_pem, "chain_pem": made.chain_pem, "key_pem": made.key_pem}
    moments = {"issued_at": 1764000000.0, "not_after": made.not_after.timestamp()}
    lab.store.put("acm-certificate", arn, {**doc, "status": "ISSUED", **moments, **pems})


def fail_certificate(lab: Lab, arn: str, reason: str) -> None:
    doc = lab.store.get("acm-certificate", arn)
    assert doc
    lab.store.put("acm-certificate", arn, {**doc, "status": "FAILED", "failure_reason": reason})


def aws_config(lab: Lab) -> Properties:
    endpoints = [dict.fromkeys(SERVICES, lab.settings.api_url("vendors/aws"))]
    return {
        "region": "eu-west-1",
        "accessKey": "AKIALAB00000000000001",
        "secretKey": "planted-secret-key",
        "endpoints": json.dumps(endpoints),
        "skipCredentialsValidation": "true",
    }


def gcp_config(lab: Lab) -> Properties:
    return {"project": "acme", "accessToken": GCP_TOKEN, **endpoints(lab.settings.api_url("vendors/gcp"))}


def azure_config(lab: Lab) -> Properties:
    return {**azure.options(lab.settings.api_url("vendors/azure")), "clientSecret": azure.CLIENT_SECRET}


def cloudflare_config(lab: Lab) -> Properties:
    return {"baseUrl": f"{lab.settings.api_url('vendors/cloudflare')}/client/v4", "apiToken": PLANTED_TOKEN}
