"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="SendGrid", api=(100, 3), origins=((120, 1),))

# The key that the lab's SendGrid knows from the start, of the parent account. It opens nothing but a lab.
SENDGRID_KEY = "SG.lab-key-of-the-account.that-opens-nothing-but-a-lab-0123456789abcd"
# The parent account: every owner host of its links is <user id>.<domain>.
PARENT, PARENT_ID = "lab", 1234567
