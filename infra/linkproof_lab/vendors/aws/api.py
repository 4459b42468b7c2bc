"""AWS's API: who calls, and which service is meant."""

from __future__ import annotations

import logging

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.api import Acm
from linkproof_lab.vendors.aws.acm.validation import Validator
from linkproof_lab.vendors.aws.cloudwatch.api import CloudWatch
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, caller, xml_error
from linkproof_lab.vendors.aws.control_plane.contract import AwsService, UsesCertificates
from linkproof_lab.vendors.aws.control_plane.sts import Sts
from linkproof_lab.vendors.aws.events.api import Events
from linkproof_lab.vendors.aws.firehose.api import Firehose
from linkproof_lab.vendors.aws.iam.api import Iam
from linkproof_lab.vendors.aws.s3.api import S3
from linkproof_lab.vendors.aws.sns.api import Sns

_log = logging.getLogger(__name__)


def api(settings: LabSettings, store: Store, parts: tuple[AwsService, ...]) -> Api:
    return Aws(settings, store, parts)


class Aws:
    """Args:
    parts: the services that have folders of their own.
    """

    def __init__(self, settings: LabSettings, store: Store, parts: tuple[AwsService, ...]) -> None:
        self._validator = Validator(settings, store)
        users = [part for part in parts if isinstance(part, UsesCertificates)]
        acm = Acm(
            store, lambda arn: [user for one in users for user in one.users_of_certificate(arn)], self._validator.watch
        )
        own = (S3(settings, store), CloudWatch(settings, store), Firehose(store), Events(store), Iam(store), Sns(store))
        # whatever else is a form in the body of a POST is for STS
        self._services: tuple[AwsService, ...] = (*parts, acm, *own, Sts())

    async def run(self) -> None:
        """Follow certificates until they are issued."""
        await self._validator.run()

    def answer(self, request: ApiRequest) -> ApiAnswer:
        meant = next((service for service in self._services if service.claims(request)), None)
        try:
            answer = self._answer(meant, request)
        except AwsError as error:
            answer = meant.refusal(error) if meant else xml_error(error, "")
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            failure = AwsError(500, "InternalFailure", "the lab failed; see its log")
            answer = meant.refusal(failure) if meant else xml_error(failure, "")
        return ApiAnswer(answer.status, answer.body, answer.headers)

    def _answer(self, meant: AwsService | None, request: ApiRequest) -> AwsAnswer:
        account, region = caller(request.headers.get("authorization"))
        query = dict(reversed(request.query))
        call = AwsCall(request.method, request.path, query, request.headers, request.body, account, region)
        if meant is None:
            raise AwsError(404, "UnknownOperationException", f"no API of the lab serves {call.method} {call.path}")
        return meant.answer(call)
