"""KARTE CNAME Tracking: the target, and times of its certificate.

Source: the CNAME Tracking guide. The certificate's expiry stops all tracking; a renewal takes KARTE about three business days, and
its reminder comes 60 days before the end. A third of the lifetime is ours: 60 days are more than certificates of 47 days have.
"""

from __future__ import annotations

from linkproof.renewal import Renewal

NAME = "KARTE"
# Of certificates that are requested here, and of nothing else: KARTE itself has no API.
VENDOR = "aws"
FAMILIES = (4,)
TARGET = "cname.karte.io"
# KARTE needs about two business days for a first upload and about three for a renewal; both are counted as three.
RENEWAL = Renewal(min_days=60, lifetime_share=3, business_days=3)
SOURCES = ("https://support.karte.io/post/1NoKmyWhYi2Ayo2kB0VP5J",)
