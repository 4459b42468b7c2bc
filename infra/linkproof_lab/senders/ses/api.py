"""Amazon SES v2: configuration sets, event destinations, identities, tags. Error names are v2's own.

What is refused and how follows the service model of botocore 1.44.5, which clients do not check, and what others saw:
docs.aws.amazon.com/ses/latest/APIReference-V2/.
"""

from __future__ import annotations

import asyncio
import json
import logging
from urllib.parse import unquote

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.apis.limits import RateLimit
from linkproof_lab.senders.ses.control_plane.identities import Identities
from linkproof_lab.senders.ses.control_plane.publishing import Publisher
from linkproof_lab.senders.ses.control_plane.reach import Reach
from linkproof_lab.senders.ses.control_plane.sending import Sending
from linkproof_lab.senders.ses.control_plane.sets import ConfigurationSets
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, request_id
from linkproof_lab.vendors.aws.control_plane.contract import AwsService

_log = logging.getLogger(__name__)
_ROOT = "/v2/email/"
_EVERY_SECONDS = 0.5


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> AwsService:
    del parts
    return Ses(settings, store)


class Ses:
    """Everything behind `/v2/email/`."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        # The vendor's is one a second for whatever does not send; off unless the document asks for it.
        self._limit = RateLimit(store, "ses", None)
        self._identities = Identities(store)
        self._asker = Asker(settings, store)
        self._sets = ConfigurationSets(store, self._identities, Reach(settings, store))
        self._sending = Sending(store, self._identities, Publisher(settings, store))

    async def run(self) -> None:
        """Look for the records of identities, until cancelled."""
        while True:
            try:
                await self._identities.look(self._asker)
            except Exception:
                _log.exception("identities could not be followed")
            await asyncio.sleep(_EVERY_SECONDS)

    def claims(self, request: ApiRequest) -> bool:
        return request.path.startswith(_ROOT)

    def refusal(self, error: AwsError) -> AwsAnswer:
        headers = {"Content-Type": "application/json", "x-amzn-errortype": error.code, "x-amzn-RequestId": request_id()}
        return AwsAnswer(error.status, json.dumps({"message": error.message}).encode(), headers)

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """
        is_sending = call.path == f"{_ROOT}outbound-emails"
        if not is_sending and self._limit.retry_after_seconds(call.account) is not None:
            raise AwsError(429, "TooManyRequestsException", "Too many requests")
        try:
            body = json.loads(call.body or b"{}")
        except ValueError as error:
            raise AwsError(400, "BadRequestException", "the body is not JSON") from error
        path = [unquote(part) for part in call.path.removeprefix(_ROOT).split("/")]
        if is_sending and call.method == "POST":
            document = self._sending.send(call, body)
        else:
            about_identity = self._identities.answer(call, path, body)
            document = self._sets.answer(call, path, body) if about_identity is None else about_identity
        headers = {"Content-Type": "application/json", "x-amzn-RequestId": request_id()}
        return AwsAnswer(200, json.dumps(document).encode(), headers)
