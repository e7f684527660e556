"""By which names a mapping says who signs."""

from __future__ import annotations

import re
from typing import Final

MAILGUN: Final = "mailgun"
TWILIO: Final = "twilio"
TOPIC: Final = re.compile(
    r"arn:(?:aws|aws-us-gov|aws-cn):sns:([a-z0-9-]{4,32}):[0-9]{12}:[A-Za-z0-9_-]{1,256}"
)
"""A topic of Amazon SNS; its region stands in it."""
