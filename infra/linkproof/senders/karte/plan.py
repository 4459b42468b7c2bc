"""KARTE CNAME Tracking: one CNAME, DNS only, and a certificate that the customer uploads by hand.

Source: the CNAME Tracking guide. Its expiry stops all tracking, a renewal takes KARTE three business days, and
the reminder comes 60 days before: the certificate is an error from 14 days left and a warning from 42.
"""

from __future__ import annotations

TARGET = "cname.karte.io"
MINIMUM_DAYS = 42
