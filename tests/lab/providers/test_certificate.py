"""aws:acm/certificate:Certificate and its validation against the lab's ACM API."""

from __future__ import annotations

import threading

import pytest

from tests.lab.providers.harness import RefusedError, fail_certificate, issue_certificate

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"


def wanted(*others, **changes):
    names = {"subjectAlternativeNames": list(others)} if others else {}
    return {"domainName": "url4821.example.net", "validationMethod": "DNS", "region": "us-east-1", **names, **changes}


@pytest.fixture
def certificate(aws):
    return aws.resource(CERTIFICATE)


@pytest.fixture
def validation(aws):
    return aws.resource(VALIDATION)


def test_a_certificate_lives_from_create_to_delete(certificate, lab):
    certificate.create(wanted("b.example.net", "a.example.net", tags={"owner": "mail"}))
    out = certificate.outputs
    assert certificate.id == out["arn"]
    assert ":us-east-1:" in out["arn"], "the resource's region goes before the provider's eu-west-1"
    assert (out["status"], out["type"], out["tagsAll"]) == ("PENDING_VALIDATION", "AMAZON_ISSUED", {"owner": "mail"})
    options = {one["domainName"]: one for one in out["domainValidationOptions"]}
    assert set(options) == {"url4821.example.net", "a.example.net", "b.example.net"}
    assert options["a.example.net"]["resourceRecordType"] == "CNAME"
    assert options["a.example.net"]["resourceRecordName"].endswith(".a.example.net.")
    assert options["a.example.net"]["resourceRecordValue"].endswith(".acm-validations.aws.")
    same = wanted(
        "a.example.net", "B.example.net", "url4821.example.net", keyAlgorithm="RSA_2048", tags={"owner": "mail"}
    )
    assert certificate.changed(same) == (set(), set())
    assert certificate.refresh()[0] == certificate.inputs
    retagged = wanted("b.example.net", "a.example.net", tags={"owner": "web", "team": "x"})
    assert certificate.changed(retagged) == ({"tags.owner", "tags.team"}, set())
    certificate.update(retagged)
    assert certificate.refresh()[1]["tagsAll"] == {"owner": "web", "team": "x"}
    certificate.delete()
    assert certificate.refresh() is None
    certificate.delete()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"domainName": "other.example.net"}, "domainName"),
        ({"subjectAlternativeNames": ["a.example.net"]}, "subjectAlternativeNames"),
        ({"keyAlgorithm": "EC_prime256v1"}, "keyAlgorithm"),
        ({"region": "eu-central-1"}, "region"),
    ],
)
def test_what_is_in_the_certificate_replaces_it(certificate, changes, name):
    certificate.inputs = wanted()
    assert certificate.changed(wanted(**changes)) == ({name}, {name})


def test_the_provider_s_region_need_not_be_said(certificate):
    certificate.inputs = wanted(region="eu-west-1")
    without = {name: value for name, value in wanted().items() if name != "region"}
    assert certificate.changed(without) == (set(), set())


def test_options_change_in_place(certificate):
    certificate.inputs = wanted(options={"certificateTransparencyLoggingPreference": "ENABLED"})
    assert certificate.changed(wanted()) == (set(), set())
    quiet = wanted(options={"certificateTransparencyLoggingPreference": "DISABLED"})
    assert certificate.changed(quiet) == ({"options"}, set())


def test_import_takes_the_arn(certificate, aws):
    certificate.create(wanted("a.example.net"))
    arn, inputs, _ = aws.resource(CERTIFICATE).imported(certificate.id)
    assert arn == certificate.id
    assert {key: value for key, value in inputs.items() if key != "subjectAlternativeNames"} == wanted()
    assert set(inputs["subjectAlternativeNames"]) - {"url4821.example.net"} == {"a.example.net"}
    another = certificate.id[:-1] + ("0" if certificate.id.endswith("f") else "f")
    assert aws.resource(CERTIFICATE).imported(another) is None
    certificate.delete()


@pytest.mark.stand_in_only("which outputs a preview leaves open is the bridge's")
def test_a_preview_knows_no_validation_names(certificate):
    preview = certificate.preview(wanted())
    assert repr(preview["domainValidationOptions"]) == repr(preview["arn"]) == "<unknown>"


def test_the_validation_ends_when_the_certificate_is_issued(certificate, validation, lab):
    certificate.create(wanted())
    done = threading.Event()

    def wait():
        validation.create({"certificateArn": certificate.id, "region": "us-east-1"})
        done.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert not done.wait(0.4), "it must not end before the certificate is issued"
    issue_certificate(lab, certificate.id)
    waiting.join(30)
    assert done.is_set()
    assert validation.id == "2025-11-24 16:00:00 +0000 UTC"
    assert validation.changed({"certificateArn": "arn:other", "region": "us-east-1"}) == (
        {"certificateArn"},
        {"certificateArn"},
    )
    assert validation.refresh()[0] == validation.inputs
    validation.delete()
    certificate.delete()
    assert validation.refresh() is None


def test_a_certificate_that_fails_ends_the_wait_with_acm_s_reason(certificate, validation, lab):
    certificate.create(wanted())
    fail_certificate(lab, certificate.id, "CAA_ERROR")
    with pytest.raises(RefusedError, match="FAILED, CAA_ERROR") as caught:
        validation.create({"certificateArn": certificate.id, "region": "us-east-1"})
    assert caught.value.init_failed is None
    certificate.delete()


@pytest.mark.stand_in_only("it asks less often than this test waits")
def test_the_wait_is_bounded_by_the_program_s_timeout(certificate, validation):
    certificate.create(wanted())
    with pytest.raises(RefusedError, match=r"did not happen within 0\.4 s"):
        validation.create({"certificateArn": certificate.id, "region": "us-east-1"}, timeout=0.4)
    certificate.delete()


def test_a_record_that_acm_wants_must_be_among_those_given(certificate, validation):
    certificate.create(wanted("a.example.net"))
    names = [one["resourceRecordName"].rstrip(".") for one in certificate.outputs["domainValidationOptions"]]
    with pytest.raises(RefusedError, match=f"lacks {names[1]}"):
        validation.create({"certificateArn": certificate.id, "region": "us-east-1", "validationRecordFqdns": names[:1]})
    certificate.delete()


def test_the_wrong_region_is_said_at_once(certificate, validation):
    certificate.create(wanted())
    with pytest.raises(RefusedError, match=r"no certificate .* in eu-west-1"):
        validation.create({"certificateArn": certificate.id})
    certificate.delete()


def test_a_certificate_that_was_never_proved_in_time_counts_as_gone(certificate, validation, lab):
    certificate.create(wanted())
    doc = lab.store.get("acm-certificate", certificate.id)
    lab.store.put("acm-certificate", certificate.id, {**doc, "status": "VALIDATION_TIMED_OUT"})
    assert certificate.refresh() is None
    with pytest.raises(RefusedError, match="there is no certificate"):
        validation.create({"certificateArn": certificate.id, "region": "us-east-1"})
    certificate.delete()
