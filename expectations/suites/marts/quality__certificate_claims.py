"""Green certificates: each is claimed once in a scheme."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.certificate_claims"

CLAIMED = """
select certificate_id, claim_scheme, park_id, first_park_id, message, message_zh
from batch as claims
where status = 'claimed_before'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("certificates_are_claimed_once", CLAIMED)]
