-- The reference tables that the rules read, as they stand in seeds/reference.
create temp macro reference(name) as table
    select * from read_csv(getvariable('reference') || '/' || name, all_varchar = true);

create temp table region_aliases as from reference('mappings/region_aliases.csv');
create temp table industry_aliases as
select alias, any_value(industry_code) as industry_code
from reference('mappings/industry_aliases.csv')
group by alias;
create temp table fuel_aliases as from reference('mappings/fuel_aliases.csv');
create temp table indicator_aliases as from reference('mappings/indicator_aliases.csv');
create temp table regions as from reference('codes/region_codes.csv');
create temp table fuels as from reference('codes/fuel_codes.csv');
create temp table units as from reference('units/unit_labels.csv');
create temp table balance_items as
select * replace (
    is_aggregate = 'true' as is_aggregate,
    may_be_negative = 'true' as may_be_negative
)
from reference('codes/balance_item_codes.csv');
create temp table items as
select aliases.alias, balance_items.balance_item, balance_items.may_be_negative
from reference('mappings/balance_item_aliases.csv') as aliases
inner join balance_items on aliases.balance_item = balance_items.balance_item;
create temp table tce_per_unit as
select fuel_code, tce_per_unit::double as tce_per_unit
from reference('factors/tce_factors.csv')
where tce_set = getvariable('tce_set');
-- How alike two labels are. Jaro-Winkler compares bytes, three to a Chinese sign, so with those it
-- is the share of signs in common that counts first. The label itself breaks ties.
create temp macro likeness(a, b) as (
    case
        when regexp_full_match(a, '[ -~]*') then 0
        else 2.0 * len(list_intersect(string_split(a, ''), string_split(b, '')))
            / (length(a) + length(b))
    end,
    jaro_winkler_similarity(a, b),
    b
);
create temp table thresholds as
select threshold_id, value::double as value from reference('thresholds/thresholds.csv');
create temp macro threshold(id) as (select value from thresholds where threshold_id = id);
-- Of two tables that disagree the newer one is suspect, and so is one that two others contradict;
-- a table is cleared by any other that sides with it.
create temp macro is_suspect(is_newer, peers) as is_newer or peers >= 2;
create temp table aliases as
select 'region' as concept, alias from region_aliases
union all select 'item', alias from items
union all select 'item', alias from industry_aliases
union all select 'fuel', alias from fuel_aliases
union all select 'indicator', alias from indicator_aliases;
