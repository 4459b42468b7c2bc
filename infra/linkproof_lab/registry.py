"""Every service that the lab plays, by name: one folder and one line each. Nothing scans.

The files of a folder, each of which may be absent, are listed in `linkproof_lab.service`.
"""

from __future__ import annotations

# Who has one account, one API address or one Pulumi package for several services.
VENDORS: dict[str, str] = {
    "aws": "linkproof_lab.vendors.aws",
    "cloudflare": "linkproof_lab.vendors.cloudflare",
    "gcp": "linkproof_lab.vendors.gcp",
    "azure": "linkproof_lab.vendors.azure",
}
EDGES: dict[str, str] = {
    "cloudfront": "linkproof_lab.edges.cloudfront",
    "cloudflare": "linkproof_lab.edges.cloudflare",
    "fastly": "linkproof_lab.edges.fastly",
    "gcp": "linkproof_lab.edges.gcp",
    "azure": "linkproof_lab.edges.azure",
    "keycdn": "linkproof_lab.edges.keycdn",
}
SENDERS: dict[str, str] = {
    "sendgrid": "linkproof_lab.senders.sendgrid",
    "karte": "linkproof_lab.senders.karte",
    "sparkpost": "linkproof_lab.senders.sparkpost",
    "ses": "linkproof_lab.senders.ses",
}
DNS: dict[str, str] = {
    "route53": "linkproof_lab.dns.route53",
    "cloudflare": "linkproof_lab.dns.cloudflare",
    "rfc2136": "linkproof_lab.dns.rfc2136",
    "gcp": "linkproof_lab.dns.gcp",
    "azure": "linkproof_lab.dns.azure",
    "manual": "linkproof_lab.dns.manual",
}
