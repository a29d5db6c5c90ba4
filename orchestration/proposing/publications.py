"""Which publication a source is: a row of the catalogue, or an edition of a yearbook in series."""

from __future__ import annotations

import re

from orchestration.landing.map.catalogue import read_rows

EDITION = re.compile(r"([a-z0-9_]+)_((?:19|20)\d\d)")
PROVINCE = "{province}"


def find_publication(source_id: str) -> dict[str, str]:
    """What is known of a source, by the names of the sidecar; nothing if nobody knows it.

    An edition that has no row of its own is described by its series:
    `{province}_yearbook` and a year.
    """
    for row in read_rows("catalog/publications.csv"):
        if row["source_id"] == source_id:
            return row
    named = EDITION.fullmatch(source_id)
    if not named:
        return {}
    series, year = named.groups()
    for row in read_rows("catalog/publication_series.csv"):
        words = _words(row["series"], series)
        if words is not None:
            said = {"year": year} | words
            known = {name: text.format(**said) for name, text in row.items() if name != "series"}
            return known | {"source_id": source_id, "edition_year": year}
    return {}


def _words(pattern: str, series: str) -> dict[str, str] | None:
    """What stands for the names in a series; None if it is another one."""
    if PROVINCE not in pattern:
        return {} if pattern == series else None
    suffix = pattern.removeprefix(PROVINCE)
    for region in read_rows("codes/region_codes.csv"):
        name = re.sub(r"[^a-z]", "", region["name_en"].lower())
        if region["level"] == "province" and series == f"{name}{suffix}":
            return {
                "province_zh": region["short_name_zh"],
                "region_zh": region["name_zh"],
                "province_en": region["name_en"],
            }
    return None
