"""Identities of the lab's SES, with the client that users have."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

DOMAIN, HOST = "example.net", "click.example.net"


def until(holds: Callable[[], object]) -> None:
    """The lab looks every half second; only a lab that does not look at all fails."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("SES has not looked")


def error(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    response = raised.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def records(tokens: list[str], zone: str = "dkim.amazonses.com") -> list[tuple[str, str, str, list[str], int]]:
    return [("UPSERT", f"{token}._domainkey.{DOMAIN}", "CNAME", [f"{token}.{zone}"], 60) for token in tokens]


def test_an_identity_is_verified_once_its_three_records_are_there_and_covers_what_is_below(lab: Any) -> None:
    ses = lab.aws("sesv2")
    made = ses.create_email_identity(EmailIdentity=DOMAIN)
    dkim = made["DkimAttributes"]
    assert (made["VerifiedForSendingStatus"], dkim["Status"], len(dkim["Tokens"])) == (False, "PENDING", 3)
    assert dkim["SigningHostedZone"] == "dkim.amazonses.com"
    tracking = {"CustomRedirectDomain": HOST}
    assert (
        error(ses.create_configuration_set, ConfigurationSetName="news", TrackingOptions=tracking)[0]
        == "BadRequestException"
    )

    def reason() -> Any:
        return ses.get_email_identity(EmailIdentity=DOMAIN)["VerificationInfo"].get("ErrorType")

    until(lambda: reason() == "HOST_NOT_FOUND")
    lab.records(*records(dkim["Tokens"], "dkim.elsewhere.example"))
    until(lambda: reason() == "INVALID_VALUE")
    lab.records(*records(dkim["Tokens"]))
    until(lambda: ses.get_email_identity(EmailIdentity=DOMAIN)["VerifiedForSendingStatus"])
    ses.create_configuration_set(ConfigurationSetName="news", TrackingOptions=tracking)
    elsewhere = lab.aws("sesv2", region="eu-west-1")
    refused = error(elsewhere.create_configuration_set, ConfigurationSetName="news", TrackingOptions=tracking)
    assert refused == ("BadRequestException", 400), "an identity belongs to a region"


def test_what_is_there_or_absent_or_no_domain_has_v2s_names(lab: Any) -> None:
    ses = lab.aws("sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    assert error(ses.create_email_identity, EmailIdentity=DOMAIN.upper()) == ("AlreadyExistsException", 400)
    assert error(ses.create_email_identity, EmailIdentity="no domain") == ("BadRequestException", 400)
    assert error(ses.get_email_identity, EmailIdentity="absent.example") == ("NotFoundException", 404)
    length = {"SigningAttributesOrigin": "AWS_SES", "SigningAttributes": {"NextSigningKeyLength": "RSA_1024_BIT"}}
    ses.put_email_identity_dkim_signing_attributes(EmailIdentity=DOMAIN, **length)
    assert ses.get_email_identity(EmailIdentity=DOMAIN)["DkimAttributes"]["NextSigningKeyLength"] == "RSA_1024_BIT"
    ses.delete_email_identity(EmailIdentity=DOMAIN)
    assert error(ses.delete_email_identity, EmailIdentity=DOMAIN) == ("NotFoundException", 404)


def test_a_mail_from_domain_is_below_its_identity_and_found_once_its_mx_record_is_there(lab: Any) -> None:
    ses = lab.aws("sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    put, host = ses.put_email_identity_mail_from_attributes, f"bounce.{DOMAIN}"

    def held() -> Any:
        return ses.get_email_identity(EmailIdentity=DOMAIN)["MailFromAttributes"]

    assert held() == {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
    for wrong in ({"MailFromDomain": "bounce.example.org"}, {"MailFromDomain": host, "BehaviorOnMxFailure": "NOPE"}):
        assert error(put, EmailIdentity=DOMAIN, **wrong) == ("BadRequestException", 400)
    put(EmailIdentity=DOMAIN, MailFromDomain=host, BehaviorOnMxFailure="REJECT_MESSAGE")
    assert held()["MailFromDomainStatus"] == "PENDING"
    lab.records(("UPSERT", host, "MX", ["10 feedback-smtp.us-east-1.amazonses.com"], 60))
    until(lambda: held()["MailFromDomainStatus"] == "SUCCESS")
    put(EmailIdentity=DOMAIN)
    assert held() == {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}, "an empty put switches it off"
