"""How the documents print the answer of a query: as the site does."""

from __future__ import annotations

from orchestration.site.recipes import printed

__all__ = ["printed"]
