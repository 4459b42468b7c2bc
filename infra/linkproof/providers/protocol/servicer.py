"""The engine's calls, answered for any provider out of its resource types."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.answers import KINDS, failures, made_up_name, outputs, token, top, unique, verdict
from linkproof.providers.protocol.base import InitFailedError, Package, Patience, Provider, ProviderError, ResourceType
from linkproof.providers.protocol.messages import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from linkproof.providers.protocol.values import UNKNOWN, Properties, from_struct, has_unknown, to_struct


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """One provider instance. Calls come concurrently; nothing here changes after `Configure`.

    Secrets: the answers to `Handshake` and `Configure` say that secrets are not accepted. The engine then sends plain
    values and marks every answer's property secret that was secret among the inputs, so that none can be forgotten here.
    An import has no inputs yet: what may be a secret is marked here.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._package: Package | None = None
        self._hidden: tuple[str, ...] = ()
        self.cancelled = threading.Event()

    # the provider itself -----------------------------------------------------------------------
    def Handshake(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._provider.version)

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        found = list(self._provider.check_config(from_struct(request.news)))
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures(found))

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        names = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
        return provider_pb2.DiffResponse(changes=verdict(names), diffs=names)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        config = from_struct(request.args)
        self._hidden = tuple(
            v for n in self._provider.secret_names if isinstance(v := config.get(n), str) and len(v) > 3
        )
        with self._errors(context):
            for name, reason in self._provider.check_config(config):
                raise ProviderError(f"provider {self._provider.name}: {name}: {reason}")
            self._package = self._provider.configure(config, self.cancelled)
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self.cancelled.set()
        return empty_pb2.Empty()

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        with self._errors(context):
            function = self._configured().invokes.get(request.tok)
            if function is None:
                raise ProviderError(
                    f"{request.tok} is not served here", f"served: {', '.join(self._configured().invokes) or 'none'}"
                )
            result = to_struct(function(from_struct(request.args)))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(result)
        return response

    # resources ---------------------------------------------------------------------------------
    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        with self._errors(context):
            kind = self._type(request.urn)
            inputs = from_struct(request.news)
            response = provider_pb2.CheckResponse(inputs=request.news)
            if kind.named and "name" not in inputs:
                name = made_up_name(request)
                inputs["name"] = response.inputs.fields["name"].string_value = name
            found = list(kind.problems(inputs))
            before = from_struct(request.olds)
            if before and not found:
                found = list(kind.refused(before, inputs))
            response.failures.extend(failures(found))
        return response

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        with self._errors(context):
            kind = self._type(request.urn)
            old, new = from_struct(request.old_inputs), from_struct(request.news)
            if old == new and not has_unknown(new):
                return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
            found = [c for c in kind.changes(old, new) if top(c.path) not in request.ignoreChanges]
        return provider_pb2.DiffResponse(
            changes=verdict(found),
            diffs=unique(top(change.path) for change in found),
            replaces=unique(top(change.path) for change in found if change.replaces),
            detailedDiff={
                c.path: provider_pb2.PropertyDiff(kind=KINDS[c.kind, c.replaces], inputDiff=True) for c in found
            },
            hasDetailedDiff=True,
        )

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        with self._errors(context):
            kind = self._type(request.urn)
            inputs = from_struct(request.properties)
            if request.preview:
                unknown = {name: UNKNOWN for name in kind.computed if name not in inputs}
                return provider_pb2.CreateResponse(properties=to_struct({**inputs, **unknown}))
            try:
                state = kind.create(inputs, self._patience(kind, request.timeout))
            except InitFailedError as error:
                self._abort_init_failed(context, error, inputs)
        return provider_pb2.CreateResponse(id=state.id, properties=to_struct(outputs(state, inputs)))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        with self._errors(context):
            kind = self._type(request.urn)
            old_inputs = from_struct(request.inputs)
            state = kind.read(request.id, from_struct(request.properties))
            if state is None:
                return provider_pb2.ReadResponse()
            inputs = kind.inputs_as_read(state.inputs, old_inputs)
            hidden = () if request.inputs.fields else kind.secrets
        return provider_pb2.ReadResponse(
            id=state.id, properties=to_struct(outputs(state, inputs), hidden), inputs=to_struct(inputs, hidden)
        )

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        with self._errors(context):
            kind = self._type(request.urn)
            old, inputs = from_struct(request.olds), from_struct(request.news)
            if request.preview:
                left = {
                    name for name in from_struct(request.old_inputs) if name not in inputs and name not in kind.computed
                }
                kept = {name: value for name, value in old.items() if name not in left}
                unknown = {name: UNKNOWN for name in kind.volatile if name not in inputs}
                return provider_pb2.UpdateResponse(properties=to_struct({**kept, **inputs, **unknown}))
            try:
                state = kind.update(request.id, old, inputs, self._patience(kind, request.timeout))
            except InitFailedError as error:
                self._abort_init_failed(context, error, inputs)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs(state, inputs)))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        with self._errors(context):
            kind = self._type(request.urn)
            kind.delete(request.id, from_struct(request.properties), self._patience(kind, request.timeout))
        return empty_pb2.Empty()

    # inside ------------------------------------------------------------------------------------
    def _configured(self) -> Package:
        if self._package is None:
            raise ProviderError(f"provider {self._provider.name} was asked before it was configured")
        return self._package

    def _type(self, urn: str) -> ResourceType:
        wanted = token(urn)
        kind = self._configured().types.get(wanted)
        if kind is None:
            raise ProviderError(f"{wanted} is not served here", f"served: {', '.join(self._configured().types)}")
        return kind

    def _patience(self, kind: ResourceType, timeout_seconds: float) -> Patience:
        return Patience(timeout_seconds or kind.default_seconds, self.cancelled)

    @contextmanager
    def _errors(self, context: grpc.ServicerContext) -> Iterator[None]:
        """Our own errors become the call's error, with nothing of the provider's secrets in it."""
        try:
            yield
        except LinkproofError as error:
            context.abort(grpc.StatusCode.UNKNOWN, self._redacted(str(error)))

    def _abort_init_failed(self, context: grpc.ServicerContext, error: InitFailedError, inputs: Properties) -> NoReturn:
        reason = self._redacted(error.reason)
        detail = provider_pb2.ErrorResourceInitFailed(
            id=error.state.id,
            properties=to_struct(outputs(error.state, inputs)),
            inputs=to_struct(inputs),
            reasons=[reason],
        )
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
        status.details.add().Pack(detail)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, reason)
        raise AssertionError  # abort has raised

    def _redacted(self, text: str) -> str:
        for secret in self._hidden:
            text = text.replace(secret, "[secret]")
        return text
