"""Sources: a reader can cite every one of them."""

from __future__ import annotations

from expectations.authoring import Pair, given
from expectations.discovery import SuiteContext

TABLE = "reference.sources"


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        given("sources_can_be_cited", "publisher", "licence", "url_or_citation", key="source_id")
    ]
