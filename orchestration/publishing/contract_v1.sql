-- The tables of contract version 1 that version 2 moved or changed, under their old names and with
-- their old columns, in a schema of their own. They go when version 4 comes; docs/contract.md says
-- what to read instead. Views, named by schema and table alone; no number is another one.
create schema v1;

-- Moved: every level, every method, every edition.
create view v1.region_energy as select * from all_levels.region_energy;
create view v1.region_energy_published as select * from all_levels.region_energy_published;
create view v1.region_co2 as select * from all_levels.region_co2;
create view v1.region_co2_published as select * from all_levels.region_co2_published;
create view v1.region_co2_views as select * from all_levels.region_co2_views;
create view v1.industry_co2 as select * from all_levels.industry_co2;
create view v1.industrial_co2 as select * from all_levels.industrial_co2;
create view v1.region_economy as select * from all_levels.region_economy;
create view v1.region_growth as select * from all_levels.region_growth;
create view v1.region_balance as select * from all_levels.region_balance;
create view v1.park_co2 as select * from all_levels.park_co2_by_method;
create view v1.enterprise_co2 as
select * rename (co2_share as share_of_park) from all_levels.enterprise_co2_by_method;

-- Renamed: per 10^4 CNY of what is in the name now.
create view v1.region_year as
select * rename (
    industrial_coal_t_per_industrial_va as industrial_coal_t_per_10k_cny,
    co2_t_per_gdp as co2_t_per_10k_cny,
    industrial_co2_t_per_industrial_va as industrial_co2_t_per_10k_cny,
    industrial_coal_t_per_industrial_va_change_rate as industrial_coal_t_per_10k_cny_change_rate,
    co2_t_per_gdp_change_rate as co2_t_per_10k_cny_change_rate,
    industrial_co2_t_per_industrial_va_change_rate as industrial_co2_t_per_10k_cny_change_rate
)
from all_levels.region_year;

create view v1.region_industry_year as
select * rename (
    energy_tce_per_industrial_va as energy_tce_per_10k_cny,
    industrial_energy_tce as energy_tce,
    direct_and_purchased_co2_t as co2_t
)
from all_levels.region_industry_year;

create view v1.park_year as
select * exclude (energy_infrastructure_answer) rename (
    co2_t_per_gdp as co2_t_per_10k_cny,
    province_co2_t_per_gdp as province_co2_t_per_10k_cny,
    energy_tce_per_industrial_va as energy_tce_per_10k_cny,
    energy_tce_per_industrial_output as output_energy_tce_per_10k_cny
),
    case energy_infrastructure_answer when 'yes' then true when 'no' then false end
        as has_energy_infrastructure
from all_levels.park_year_by_method;

create view v1.park_economy as
select * rename (
    energy_tce_per_industrial_va as energy_tce_per_10k_cny,
    reported_co2_t as co2_t
)
from all_levels.park_economy;

create view v1.kaya_factors as
select * rename (
    energy_tce_per_industrial_va as energy_intensity,
    constant_energy_tce_per_industrial_va as constant_energy_tce_per_10k_cny,
    industrial_energy_tce as energy_tce,
    direct_and_purchased_co2_t as co2_t,
    co2_t_per_tce as emission_per_energy
)
from all_levels.kaya_factors;

create view v1.scenarios as
select * rename (
    energy_tce_per_industrial_va as energy_tce_per_10k_cny,
    industrial_energy_tce as energy_tce,
    direct_and_purchased_co2_t as co2_t
)
from all_levels.scenarios;

create view v1.region_concentration as
select * rename (statistic as measure, measured as "of") from all_levels.region_concentration;

-- Renamed: one word, `indicator`, for what a row speaks of, and one name for one quantity.
create view v1.peak_status as
select * rename (indicator as measure, peak_value_year as peak_year) from all_levels.peak_status;

create view v1.scenario_tornado as
select * rename (indicator as measure) from all_levels.scenario_tornado;

create view v1.park_roll_up as
select * rename (indicator as measure) from quality.park_roll_up;

create view v1.park_representativeness as
select * rename (indicator as measure, park_count as parks)
from all_levels.park_representativeness;

create view v1.park_type_agreement as
select * rename (park_count as parks) from all_levels.park_type_agreement;

create view v1.park_leading_industries as
select * rename (co2_share as share, coal_use_share as coal_share)
from all_levels.park_leading_industries;

create view v1.park_key_industries as
select * rename (is_key_industry as is_key) from all_levels.park_key_industries;

-- Flags that could be null.
create view v1.parks as
select * exclude (energy_infrastructure_answer) replace (
    case when is_sample then true end as is_sample
),
    case energy_infrastructure_answer when 'yes' then true when 'no' then false end
        as has_energy_infrastructure
from all_levels.parks;

create view v1.park_measures as
select * exclude (answer) replace (case when is_sample then true end as is_sample),
    case answer when 'yes' then true when 'no' then false end as adopted
from all_levels.park_measures;

create view v1.park_peak_plans as
select * exclude (plan_answer) replace (case when is_sample then true end as is_sample)
    rename (co2_scope as scope),
    case plan_answer when 'yes' then true when 'no' then false end as has_plan
from all_levels.park_peak_plans;

create view v1.city_key_industries as
select * exclude (key_status) rename (end_use_co2_t as co2_t),
    case key_status when 'key' then true when 'not_key' then false end as is_key
from all_levels.city_key_industries;

-- The names of the quantities that targets are set for.
create view v1.target_tracking as
select * rename (indicator as parameter, co2_scope as scope)
from (
    select * exclude (path_status) replace (
        case indicator
            when 'co2_t_per_gdp' then 'co2_t_per_10k_cny'
            when 'energy_tce_per_gdp' then 'energy_tce_per_gdp_10k_cny'
            when 'energy_tce_per_industrial_va' then 'energy_tce_per_10k_cny'
            when 'industrial_co2_t_per_industrial_va' then 'industrial_co2_t_per_10k_cny'
            else indicator
        end as indicator
    ),
        case path_status when 'on_path' then true when 'off_path' then false end as is_on_path
    from all_levels.target_tracking
);

create view v1.early_warnings as
select * rename (indicator as target, co2_scope as scope)
from (
    select * replace (
        case indicator
            when 'co2_t_per_gdp' then 'co2_t_per_10k_cny'
            when 'energy_tce_per_gdp' then 'energy_tce_per_gdp_10k_cny'
            when 'energy_tce_per_industrial_va' then 'energy_tce_per_10k_cny'
            when 'industrial_co2_t_per_industrial_va' then 'industrial_co2_t_per_10k_cny'
            else indicator
        end as indicator
    )
    from all_levels.early_warnings
);
