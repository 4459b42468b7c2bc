"""Binds the APIs to their loopback addresses. The only module here, with `http`, that knows aiohttp."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from linkproof_lab.apis import sts
from linkproof_lab.apis.acm.api import Acm
from linkproof_lab.apis.acm.validation import Validator
from linkproof_lab.apis.aws import AwsAnswer, AwsCall, AwsError, caller, json_error, xml_error
from linkproof_lab.apis.cloudflare.api import Cloudflare, CloudflareCall
from linkproof_lab.apis.cloudfront.api import CloudFront
from linkproof_lab.apis.cloudfront.wire import NAMESPACE as CLOUDFRONT_NAMESPACE
from linkproof_lab.apis.route53.api import NAMESPACE as ROUTE53_NAMESPACE
from linkproof_lab.apis.route53.api import Route53
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)
_MOST_BODY_BYTES = 8 * 1024 * 1024
_FOLLOW_SECONDS = 0.5


class Apis:
    """The running APIs."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._route53 = Route53(store)
        self._cloudflare = Cloudflare(settings, store)
        self._cloudfront = CloudFront(settings, store)
        self._validator = Validator(settings, store)
        self._acm = Acm(store, self._cloudfront.index.users_of_certificate, self._validator.watch)
        self._runners: list[web.AppRunner] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        try:
            await self._bind(self._settings.aws_api, self._aws)
            await self._bind(self._settings.cloudflare_api, self._cloudflare_request)
        except BaseException:
            await self.stop()
            raise
        self._tasks = [asyncio.create_task(self._validator.run()), asyncio.create_task(self._follow())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for runner in self._runners:
            await runner.cleanup()

    async def _bind(self, url: str, handler: Callable[[web.Request], Awaitable[web.Response]]) -> None:
        where = urlsplit(url)
        app = web.Application(client_max_size=_MOST_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, where.hostname, where.port).start()

    async def _follow(self) -> None:
        """Alias records and flattened CNAMEs answer with addresses of others: keep up with them."""
        newest = 0
        while True:
            try:
                versions = list(self._store.versions_after(newest))
                newest = versions[-1].n if versions else newest
                if any(version.type in ("A", "AAAA", "CNAME") for version in versions):
                    self._route53.answer_aliases_anew()
                    self._cloudflare.flatten_anew()
            except Exception:
                _log.exception("alias targets could not be followed")
            await asyncio.sleep(_FOLLOW_SECONDS)

    # AWS ---------------------------------------------------------------------------------------
    async def _aws(self, request: web.Request) -> web.Response:
        answer = self._aws_answer(request, await request.read())
        return web.Response(status=answer.status, body=answer.body, headers=dict(answer.headers))

    def _aws_answer(self, request: web.Request, body: bytes) -> AwsAnswer:
        target = request.headers.get("X-Amz-Target", "")
        path = request.path
        # Query protocol: everything is in the body of a POST to the root.
        is_sts = path == "/" and not target
        namespace = ROUTE53_NAMESPACE if path.startswith("/2013-04-01/") else CLOUDFRONT_NAMESPACE
        if is_sts:
            namespace = sts.NAMESPACE
        is_acm = target.startswith("CertificateManager.")
        try:
            account, region = caller(request.headers.get("Authorization"))
            query = dict(reversed(list(request.query.items())))
            headers = {name.lower(): value for name, value in request.headers.items()}
            call = AwsCall(request.method, path, query, headers, body, account, region)
            if is_sts:
                return sts.answer(call)
            return self._dispatch(call, target.partition(".")[2] if is_acm else "")
        except AwsError as error:
            return json_error(error) if is_acm else xml_error(error, namespace)
        except Exception:
            _log.exception("%s %s %s", request.method, path, target)
            failure = AwsError(500, "InternalFailure", "the lab failed; see its log")
            return json_error(failure) if is_acm else xml_error(failure, namespace)

    def _dispatch(self, call: AwsCall, acm_operation: str) -> AwsAnswer:
        if acm_operation:
            return self._acm.answer(acm_operation, call)
        if call.path.startswith("/2013-04-01/"):
            return self._route53.answer(call)
        if call.path.startswith("/2020-05-31/"):
            return self._cloudfront.answer(call)
        raise AwsError(404, "UnknownOperationException", f"no API of the lab serves {call.method} {call.path}")

    # Cloudflare --------------------------------------------------------------------------------
    async def _cloudflare_request(self, request: web.Request) -> web.Response:
        body = await request.read()
        call = CloudflareCall(
            request.method, request.path, list(request.query.items()), request.headers.get("Authorization"), body
        )
        try:
            status, document, headers = self._cloudflare.answer(call)
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            status, headers = 500, {}
            document = {"success": False, "errors": [{"code": 10001, "message": "the lab failed; see its log"}]}
        if document is None:
            return web.Response(status=status, headers=headers)
        if isinstance(document, str):
            return web.Response(status=status, text=document, headers=headers)
        return web.Response(status=status, text=json.dumps(document), content_type="application/json", headers=headers)


async def serve(settings: LabSettings, store: Store) -> Apis:
    """Start all APIs; see `linkproof_lab.apis.start`."""
    apis = Apis(settings, store)
    await apis.start()
    return apis
