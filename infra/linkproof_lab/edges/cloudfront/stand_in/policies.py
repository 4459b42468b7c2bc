"""aws:cloudfront/originRequestPolicy:OriginRequestPolicy and aws:cloudfront/cachePolicy:CachePolicy."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import FLAG, NUMBER, TEXT, obj, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.cloudfront.stand_in.client import NAMESPACE, CloudFront
from linkproof_lab.edges.cloudfront.stand_in.policy_xml import (
    COOKIES,
    HEADERS,
    ORIGIN_HEADERS,
    QUERY_STRINGS,
    selection_inputs,
    selection_node,
)
from linkproof_lab.vendors.aws.stand_in import xml


class Policy(ResourceType):
    """What both kinds of policy have in common: one document, changed as a whole.

    Attributes:
        path: in the API.
        element: the XML element of one policy; its config is `<element>Config`.
    """

    path: ClassVar[str]
    element: ClassVar[str]
    computed = ("arn", "etag")
    volatile = ("etag",)
    named = True

    def __init__(self, cloudfront: CloudFront) -> None:
        self._cloudfront = cloudfront

    @abstractmethod
    def nodes(self, inputs: Properties) -> list[xml.Node]:
        """The children of the policy's config after `Comment` and `Name`, whatever the vendor puts there."""

    @abstractmethod
    def held(self, config: ET.Element) -> Properties:
        """The inputs that would make a config."""

    def create(self, inputs: Properties, patience: Patience) -> State:
        return self._state(*self._cloudfront.post(self.path, self._body(inputs)))

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        found = self._cloudfront.get(f"{self.path}/{resource_id}")
        return self._state(*found) if found else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        found = self._cloudfront.get(f"{self.path}/{resource_id}")
        if found is None:
            raise ProviderError(
                f"{self.path} {resource_id} is gone", "run `pulumi refresh`, which removes it from the state"
            )
        return self._state(*self._cloudfront.put(f"{self.path}/{resource_id}", self._body(inputs), found[1]))

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        path = f"{self.path}/{resource_id}"

        def gone() -> bool | None:
            found = self._cloudfront.get(path)
            if found is None:
                return True
            try:
                self._cloudfront.delete(path, found[1])
            except ApiError as error:
                if error.code != "PreconditionFailed":
                    raise
                return None
            return True

        patience.until(f"deleting {path}", gone)

    def find(self, name: str) -> str | None:
        """The id of a policy by its name, among the vendor's own and the account's."""
        for page in self._cloudfront.pages(self.path, {}):
            for policy in page.findall(f"Items/{self.element}Summary/{self.element}"):
                if xml.text(policy, f"{self.element}Config/Name") == name:
                    return xml.text(policy, "Id")
        return None

    def _body(self, inputs: Properties) -> bytes:
        nodes = [("Comment", inputs.get("comment", "")), ("Name", inputs["name"]), *self.nodes(inputs)]
        return xml.document(f"{self.element}Config", NAMESPACE, nodes)

    def _state(self, found: ET.Element, etag: str) -> State:
        config = found.find(f"{self.element}Config")
        assert config is not None, f"CloudFront answered without a {self.element}Config"
        policy_id = xml.text(found, "Id")
        inputs = {"comment": xml.text(config, "Comment"), "name": xml.text(config, "Name"), **self.held(config)}
        # The API shows no ARN; the real provider makes it up the same way, with the account of the caller.
        return State(policy_id, inputs, {"arn": f"arn:aws:cloudfront:::{self.path}/{policy_id}", "etag": etag})


class OriginRequestPolicy(Policy):
    """What an edge passes on to the origin."""

    token = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"  # noqa: S105
    path = "origin-request-policy"
    element = "OriginRequestPolicy"
    schema = obj(
        {
            "name": TEXT,
            "comment": TEXT.but(default=""),
            "cookiesConfig": required(COOKIES.field()),
            "headersConfig": required(ORIGIN_HEADERS.field()),
            "queryStringsConfig": required(QUERY_STRINGS.field()),
        }
    )

    def nodes(self, inputs: Properties) -> list[xml.Node]:
        parts = (ORIGIN_HEADERS, COOKIES, QUERY_STRINGS)
        return [selection_node(part, inputs[part.name]) for part in parts]

    def held(self, config: ET.Element) -> Properties:
        return {part.name: selection_inputs(part, config) for part in (ORIGIN_HEADERS, COOKIES, QUERY_STRINGS)}


class CachePolicy(Policy):
    """What an edge keeps, for how long, and under which key."""

    token = "aws:cloudfront/cachePolicy:CachePolicy"  # noqa: S105
    path = "cache-policy"
    element = "CachePolicy"
    schema = obj(
        {
            "name": TEXT,
            "comment": TEXT.but(default=""),
            "defaultTtl": NUMBER.but(default=86400),
            "maxTtl": NUMBER.but(default=31536000),
            "minTtl": NUMBER.but(default=0),
            "parametersInCacheKeyAndForwardedToOrigin": required(
                obj(
                    {
                        "cookiesConfig": required(COOKIES.field()),
                        "headersConfig": required(HEADERS.field()),
                        "queryStringsConfig": required(QUERY_STRINGS.field()),
                        "enableAcceptEncodingBrotli": FLAG.but(default=False),
                        "enableAcceptEncodingGzip": FLAG.but(default=False),
                    }
                )
            ),
        }
    )

    def nodes(self, inputs: Properties) -> list[xml.Node]:
        key = inputs["parametersInCacheKeyAndForwardedToOrigin"]
        parameters: list[xml.Node] = [
            ("EnableAcceptEncodingGzip", key.get("enableAcceptEncodingGzip", False)),
            ("EnableAcceptEncodingBrotli", key.get("enableAcceptEncodingBrotli", False)),
            *(selection_node(part, key[part.name]) for part in (HEADERS, COOKIES, QUERY_STRINGS)),
        ]
        return [
            ("DefaultTTL", inputs.get("defaultTtl", 86400)),
            ("MaxTTL", inputs.get("maxTtl", 31536000)),
            ("MinTTL", inputs.get("minTtl", 0)),
            ("ParametersInCacheKeyAndForwardedToOrigin", parameters),
        ]

    def held(self, config: ET.Element) -> Properties:
        key = config.find("ParametersInCacheKeyAndForwardedToOrigin")
        selections = (
            {}
            if key is None
            else {part.name: selection_inputs(part, key) for part in (COOKIES, HEADERS, QUERY_STRINGS)}
        )
        return {
            "defaultTtl": xml.number(config, "DefaultTTL", 86400),
            "maxTtl": xml.number(config, "MaxTTL", 31536000),
            "minTtl": xml.number(config, "MinTTL"),
            "parametersInCacheKeyAndForwardedToOrigin": {
                **selections,
                "enableAcceptEncodingGzip": xml.flag(key, "EnableAcceptEncodingGzip"),
                "enableAcceptEncodingBrotli": xml.flag(key, "EnableAcceptEncodingBrotli"),
            },
        }
