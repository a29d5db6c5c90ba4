"""What sqlfluff, which renders models without dbt, finds under the names that dbt gives them."""

from __future__ import annotations

from typing import Any

# A form of its own: linting needs no catalogue.
VARIABLES = {
    "yearly_returns": [
        {"name": "form", "key_columns": ["park_id"], "numbers": ["quantity"], "has_unit": False}
    ]
}


def var(name: str, default: Any = "item") -> Any:
    """dbt's `var`: a list where a model loops over one, else a word."""
    return VARIABLES.get(name, default)
