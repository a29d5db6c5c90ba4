-- what changed CO2 of industry between the first and the last year that can be compared
with effects as (
    select *, false as is_model from indicators.lmdi_effects
    union all by name
    select *, true as is_model from model.lmdi_effects
),

chosen as (
    select e.*
    from effects as e
    inner join reference.methods as m on e.method = m.method and m.is_default
    inner join reference.regions as r on e.entity = r.region_code and r.level = 'province'
    where
        e.entity_type = 'region' and e.form = 'additive' and e.chaining = 'end_point'
        and e.value is not null and e.refusal is null
    qualify
        dense_rank() over (
            partition by e.region_code, e.identity
            order by e.year_to - e.year_from desc, e.year_to desc
        ) = 1
),

levels as (
    select c.region_code, c.identity, c.year_from, c.year_to, s.value_t, s.year
    from (select distinct region_code, identity, year_from, year_to from chosen) as c
    inner join all_levels.peak_series as s
        on
            c.region_code = s.entity and s.entity_type = 'region'
            and s.indicator = 'co2_t' and s.year in (c.year_from, c.year_to)
    inner join reference.methods as m on s.method = m.method and m.is_default
    where c.identity = 'territory'
)

select
    c.region_code as province_code, c.identity, c.year_from, c.year_to, c.effect, c.value as effect_co2_t,
    false as is_level, 1 as sort, c.origin, c.is_model
from chosen as c
union all by name
select
    region_code as province_code, identity, year_from, year_to,
    case when year = year_from then 'level_from' else 'level_to' end as effect,
    value_t as effect_co2_t, true as is_level, case when year = year_from then 0 else 2 end as sort,
    null as origin, false as is_model
from levels
order by province_code, identity, sort, effect
