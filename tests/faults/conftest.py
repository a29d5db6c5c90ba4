"""The tables of the corpus stand in made-up years, from 1950 on and into the future."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestration.landing.read import sidecar


@pytest.fixture(scope="session", autouse=True)
def made_up_years() -> Iterator[None]:
    """Editions of any year that the corpus has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sidecar, "editions", lambda: (1900, 2300))
        yield
