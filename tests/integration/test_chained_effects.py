"""Chained effects of LMDI: the last digit does not hang on the order in which steps are joined."""

from __future__ import annotations

from itertools import permutations

from compiled import Models

from orchestration.settings import Home

KEYS = {"entity": "E", "method": "ceads", "price_basis": "constant_2020"}
# Added in the order of years they are 0; in another order the one in the middle is not lost.
STEPS = {(2018, 2019): 1e16, (2019, 2020): 1.0, (2020, 2021): -1e16}
PAIRED = """
    entity_type varchar, entity varchar, region_code varchar, identity varchar, method varchar,
    price_basis varchar, year_from integer, year_to integer, is_step boolean,
    steps_between integer, is_split_frozen boolean, refusal varchar, origin_rank integer
"""
EFFECTS = """
    entity varchar, method varchar, price_basis varchar, year_from integer, year_to integer,
    effect varchar, additive double, multiplicative double, has_shared_zero boolean
"""


def test_steps_add_in_the_order_of_their_years(published_home: Home) -> None:
    models = Models(published_home)
    spans = {**STEPS, (2018, 2021): 0.0}
    models.give(
        "intermediate.int_drivers__factors_paired",
        PAIRED,
        [KEYS | {"entity_type": "park", "identity": "i", "year_from": first, "year_to": last,
                 "is_step": (first, last) in STEPS, "steps_between": last - first,
                 "is_split_frozen": False, "origin_rank": 1} for first, last in spans],
    )  # fmt: skip
    found = []
    for order in permutations(spans):
        models.give(
            "intermediate.int_drivers__effects_calculated",
            EFFECTS,
            [KEYS | {"year_from": years[0], "year_to": years[1], "effect": effect,
                     "additive": spans[years], "multiplicative": 1.0, "has_shared_zero": False}
             for years in order for effect in ("activity", "total")],
        )  # fmt: skip
        models.build(["lmdi_effects"])
        found += models.rows(
            "select value, change from greenpark.indicators.lmdi_effects "
            "where period = '2018-2021 chained' and form = 'additive'"
        )
    models.connection.close()
    assert found == [(0.0, 0.0)] * 24
