-- The tables of contract version 2 whose columns version 3 renamed, under their old column names, in a
-- schema of their own; docs/contract.md says what to read instead. Views, named by schema and table
-- alone; no number is another one.
create schema v2;

-- One quantity a name: CO2 and energy of industry, CO2 by end use.
create view v2.kaya_factors as
select * rename (energy_tce_per_industrial_va as energy_intensity) from indicators.kaya_factors;

create view v2.scenarios as
select * rename (direct_and_purchased_co2_t as co2_t, industrial_energy_tce as energy_tce)
from indicators.scenarios;

create view v2.scenario_potential as
select * rename (direct_and_purchased_co2_t as co2_t) from indicators.scenario_potential;

create view v2.city_key_industries as
select * rename (end_use_co2_t as co2_t) from indicators.city_key_industries;

-- Whether a plan counts what is bought; `scope` is 1 or 2 of a row of emissions.
create view v2.plans as
select * rename (co2_scope as scope) from reference.plans;

create view v2.targets as
select * rename (co2_scope as scope) from indicators.targets;

create view v2.target_indicators as
select * rename (co2_scope as scope) from indicators.target_indicators;

create view v2.target_status as
select * rename (co2_scope as scope) from indicators.target_status;

create view v2.target_tracking as
select * rename (co2_scope as scope) from indicators.target_tracking;

create view v2.early_warnings as
select * rename (co2_scope as scope) from indicators.early_warnings;

create view v2.park_peak_plans as
select * rename (co2_scope as scope) from indicators.park_peak_plans;

create view v2.report_lists as
select * rename (reach as scope) from reference.report_lists;

create view v2.model_validation as
select * rename (series_value as observed_value) from quality.model_validation;

-- Words in two languages are two columns.
create view v2.reconciliation as
select * rename (explanation_en as explanation) from quality.reconciliation;
