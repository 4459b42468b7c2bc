"""KARTE CNAME Tracking: the target, and times of its certificate.

Source: the CNAME Tracking guide. The certificate's expiry stops all tracking, a renewal takes KARTE three business
days, and the reminder comes 60 days before: it is an error from 14 days left and a warning from 42.
"""

from __future__ import annotations

NAME = "KARTE"
VENDOR = None
FAMILIES = (4,)
TARGET = "cname.karte.io"
MINIMUM_DAYS = 42
SOURCES = ("https://support.karte.io/post/1NoKmyWhYi2Ayo2kB0VP5J",)
