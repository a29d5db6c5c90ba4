"""The library of factors: what plants measured lies near what the methods take."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "reference.factors"

FAR = """
with judged as (
    select
        factors.*,
        factor_value / coalesce(units.to_unit_factor, 1) as value_per_unit
    from batch as factors
    left join reference.units as units
        on factors.factor_kind = 'ncv' and factors.unit = 'gj/' || units.unit_label
    where factors.factor_kind in ('ncv', 'carbon_content', 'oxidation')
),

defaults as (
    select
        factor_kind,
        factor_of,
        min(value_per_unit) as lowest,
        max(value_per_unit) as highest
    from judged
    where scheme <> 'measured'
    group by factor_kind, factor_of
)

select
    measured.applies_to,
    measured.factor_of,
    measured.data_year,
    measured.factor_kind,
    measured.factor_value,
    defaults.lowest,
    defaults.highest
from judged as measured
inner join defaults
    on
        measured.factor_kind = defaults.factor_kind
        and measured.factor_of = defaults.factor_of
where
    measured.scheme = 'measured'
    and not {{ is_within(
        'measured.value_per_unit', 'defaults.lowest / $measured_factor_ratio_max',
        'defaults.highest * $measured_factor_ratio_max', 'defaults.highest'
    ) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("measured_factors_are_believable", FAR)]
