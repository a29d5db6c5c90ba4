"""One seeded fault for each rule of the gates: what breaks, and what the alert has to name."""

from __future__ import annotations

from dataclasses import dataclass

BALANCE = "energy_yearbook/energy_balance_320000_2020.csv"
IN_BALANCE = f"where _file_name = '{BALANCE}'"
OF_BALANCE = f"where file_name = '{BALANCE}'"
ENERGY = "all_levels.region_energy"
CO2 = "all_levels.region_co2"
INDUSTRY = "all_levels.industrial_co2"
YEAR = "all_levels.region_year"
ECONOMY = "all_levels.region_economy"
FACTORS = "reference.emission_factors"
IN_2020 = "where year = 2020"
CEADS_2020 = "where year = 2020 and method = 'ceads'"
OF_P01 = "where park_id = 'P01' and year = 2020"
COKE = "where factor_id = 'report_2023.coke'"


@dataclass(frozen=True)
class Fault:
    """One SQL statement, and texts that must stand in the details of the failing result."""

    sql: str
    names: tuple[str, ...]


def fault(sql: str, *names: str) -> Fault:
    return Fault(sql, names)


def quarantine(rule: str, rows: int = 1) -> str:
    return (
        "insert into quality.quarantine (dataset, file_name, rule) "
        f"select 'energy_yearbook_energy_balance', '{BALANCE}', '{rule}' from range({rows})"
    )


def scale(table: str, column: str, factor: float, where: str) -> str:
    return f"update {table} set {column} = {column} * {factor} {where}"


RAW = {
    "landing_log_rows_add_up": fault(
        f"update quality.landing_log set rows_read = rows_read + 1 {OF_BALANCE}", BALANCE
    ),
    "landing_log_rows_are_held": fault(
        f"delete from raw.energy_yearbook_energy_balance {IN_BALANCE} and _row_number = 3",
        BALANCE,
        "1240",
    ),
    "landing_log_files_have_rows": fault(
        f"update quality.landing_log set rows_accepted = 0 {OF_BALANCE}", BALANCE
    ),
    "landing_log_vintage_is_plausible": fault(
        f"update quality.landing_log set vintage = 20233 {OF_BALANCE}", BALANCE, "20233"
    ),
    "landing_log_years_before_edition": fault(
        "update raw.jiangsu_yearbook_city_electricity set year = 2026 where year = 2024",
        "city_electricity_2025.csv",
        "2026",
    ),
    "landing_log_contents_differ": fault(
        "update quality.landing_log set file_sha256 = (select file_sha256 from "
        "quality.landing_log where file_name = 'energy_yearbook/energy_balance_320000_2019.csv') "
        f"{OF_BALANCE}",
        "energy_balance_320000_2019.csv",
        BALANCE,
    ),
    "landing_log_quarantine_is_small": fault(quarantine("label_unknown", 100), BALANCE, "100"),
    "landing_log_datasets_complete": fault(
        "update quality.landing_log set rows_accepted = 0 where dataset = 'china_yearbook_gdp'",
        "china_yearbook_gdp",
    ),
    "landing_log_keeps_files": fault(f"delete from quality.landing_log {OF_BALANCE}", BALANCE),
    "landing_log_editions_are_frozen": fault(
        f"update quality.landing_log set file_sha256 = 'other' {OF_BALANCE}", BALANCE, "other"
    ),
    "quarantine_counts_match_the_log": fault(quarantine("label_unknown"), BALANCE),
    "quarantine_has_no_changed_file": fault(quarantine("file_hash_changed"), BALANCE),
    "quarantine_leaves_no_holes": fault(
        "insert into quality.quarantine (dataset, file_name, rule, raw_value, region_code, year, "
        "balance_item, industry_code, fuel_code) select 'energy_yearbook_energy_balance', "
        f"'{BALANCE}', 'value_negative', '-1', '320000', 2050, 'loss', 'TOT', 'raw_coal'",
        BALANCE,
        "2050",
        "loss TOT raw_coal",
    ),
    "sidecars_name_a_licence": fault(
        f"update raw.sidecars set licence = ' ' {OF_BALANCE}", BALANCE
    ),
    "sidecars_name_a_source": fault(
        f"update raw.sidecars set publisher = null {OF_BALANCE}", BALANCE
    ),
    "sidecars_source_is_one_edition": fault(
        f"update raw.sidecars set vintage = 1999 {OF_BALANCE}", "energy_yearbook_2021", "1999"
    ),
    "energy_balance_has_rows": fault("delete from raw.energy_yearbook_energy_balance"),
    "energy_balance_file_is_one_table": fault(
        "update raw.energy_yearbook_energy_balance set region_code = '340000' "
        f"{IN_BALANCE} and item_label = 'Coking'",
        BALANCE,
    ),
    "energy_balance_has_power_and_heat": fault(
        f"delete from raw.energy_yearbook_energy_balance {IN_BALANCE} "
        "and item_label = 'Thermal Power'",
        BALANCE,
        "thermal_power",
    ),
    "energy_balance_items_complete": fault(
        f"delete from raw.energy_yearbook_energy_balance {IN_BALANCE} and _row_number > 20",
        BALANCE,
    ),
    "energy_balance_fuels_complete": fault(
        f"delete from raw.energy_yearbook_energy_balance {IN_BALANCE} "
        "and fuel_code = 'electricity'",
        BALANCE,
    ),
    "energy_balance_units_as_usual": fault(
        "update raw.energy_yearbook_energy_balance set unit_label = '吨', to_unit_factor = 1 "
        f"{IN_BALANCE} and fuel_code = 'raw_coal'",
        BALANCE,
        "raw_coal",
        "吨",
    ),
    "energy_balance_blanks_not_available": fault(
        "update raw.energy_yearbook_energy_balance set value_status = 'zero' "
        f"{IN_BALANCE} and value_text = '' and item_label = 'Coking'",
        BALANCE,
        "zero",
    ),
    "energy_balance_year_before_edition": fault(
        f"update raw.energy_yearbook_energy_balance set year = 2021 {IN_BALANCE}", BALANCE
    ),
    "industrial_fuel_use_has_coal_and_coke": fault(
        "delete from raw.jiangsu_yearbook_industrial_fuel_use "
        "where fuel_code = 'coke' and year = 2018",
        "coke",
        "2018",
    ),
    "city_electricity_has_every_city": fault(
        "delete from raw.jiangsu_yearbook_city_electricity "
        "where region_code = '320500' and year = 2020",
        "2020",
        "320500",
    ),
    "corrections_hold": fault(
        "insert into quality.corrections (correction_id, action, file_name, state, expires_on) "
        f"values ('c1', 'replace', '{BALANCE}', 'expired', '2025-12-31')",
        "c1",
        BALANCE,
        "expired",
        "2025-12-31",
    ),
    "gdp_is_larger_than_industry": fault(
        "update raw.china_yearbook_gdp set number_text = '1.5' "
        "where indicator = 'gdp' and year = 2020",
        "gdp_2021.csv",
    ),
}

MARTS = {
    "region_energy_has_rows": fault(f"delete from {ENERGY}"),
    "region_energy_tce_per_unit": fault(
        scale(ENERGY, "energy_tce", 10, "where fuel_code = 'natural_gas'"), "natural_gas"
    ),
    "region_energy_use_is_not_negative": fault(
        f"update {ENERGY} set quantity = -quantity, energy_tce = -energy_tce {IN_2020} "
        "and fuel_code = 'raw_coal' and industry_code = '31'",
        "raw_coal",
        "31",
    ),
    "region_energy_size_of_a_province": fault(
        scale(ENERGY, "energy_tce", 1e4, f"{IN_2020} and balance_item = 'total_consumption'"),
        "2020",
    ),
    "region_energy_year_on_year": fault(
        scale(ENERGY, "energy_tce", 1.6, f"{IN_2020} and balance_item = 'total_consumption'"),
        "2020",
    ),
    "region_energy_fuel_year_on_year": fault(
        scale(
            ENERGY,
            "energy_tce",
            4,
            f"{IN_2020} and balance_item = 'total_final_consumption' and fuel_code = 'raw_coal'",
        ),
        "raw_coal",
        "2020",
    ),
    "region_energy_uses_every_file": fault(
        f"delete from {ENERGY} where balance_item = 'electricity_use'",
        "city_electricity_2025.csv",
    ),
    "region_energy_keeps_coverage": fault(
        f"delete from {ENERGY} {IN_2020} and vintage = 2021", BALANCE
    ),
    "region_energy_same_files_same_values": fault(
        scale(ENERGY, "quantity", 2, f"{IN_2020} and fuel_code = 'coke'"), "coke", "2020"
    ),
    "region_co2_has_rows": fault(f"delete from {CO2}"),
    "region_co2_per_tce_of_fuels": fault(
        scale(CO2, "co2_t", 10, f"{CEADS_2020} and scope = '1'"), "ceads", "2020"
    ),
    "region_co2_per_tce_of_coal": fault(
        scale(CO2, "co2_t", 1.5, f"{CEADS_2020} and fuel_code = 'raw_coal'"), "ceads", "2020"
    ),
    "region_co2_per_mwh": fault(
        scale(CO2, "co2_t", 10, f"{IN_2020} and fuel_code = 'electricity'"), "7.035", "2020"
    ),
    "region_co2_size_of_a_province": fault(scale(CO2, "co2_t", 1000, CEADS_2020), "ceads", "2020"),
    "region_co2_methods_agree": fault(scale(CO2, "co2_t", 3, CEADS_2020), "ceads", "2020"),
    "region_co2_year_on_year": fault(scale(CO2, "co2_t", 1.5, CEADS_2020), "ceads", "2020"),
    "region_co2_share_of_power": fault(
        f"delete from {CO2} {CEADS_2020} and balance_item in ('thermal_power', 'heating_supply')",
        "ceads",
        "2020",
    ),
    "region_co2_deductions_are_negative": fault(
        f"update {CO2} set co2_t = abs(co2_t) {IN_2020} and balance_item = 'non_energy_use'",
        "2020",
    ),
    "region_co2_deductions_are_small": fault(
        scale(CO2, "co2_t", 20, f"{IN_2020} and balance_item = 'non_energy_use'"), "2020"
    ),
    "region_co2_scope_2_is_purchased": fault(
        f"update {CO2} set scope = '1' {IN_2020} and fuel_code = 'electricity'",
        "electricity",
        "2020",
    ),
    "region_co2_electricity_is_counted": fault(
        f"delete from {CO2} {IN_2020} and fuel_code = 'electricity'", "2020", "report_2023"
    ),
    "region_co2_keeps_coverage": fault(f"delete from {CO2} {CEADS_2020}", "ceads", "2020"),
    "region_co2_same_input_same_total": fault(
        scale(CO2, "co2_t", 1.2, CEADS_2020), "ceads", "2020"
    ),
    "industrial_co2_size_of_a_province": fault(scale(INDUSTRY, "co2_t", 1e3, IN_2020), "2020"),
    "industrial_co2_year_on_year": fault(scale(INDUSTRY, "co2_t", 1.5, IN_2020), "2020"),
    "industrial_co2_keeps_coverage": fault(f"delete from {INDUSTRY} {IN_2020}", "2020"),
    "region_year_industrial_coal_share": fault(
        f"update {YEAR} set industrial_coal_share = 1.2 {CEADS_2020}", "1.2", "ceads"
    ),
    "region_year_coal_co2_share": fault(
        f"update {YEAR} set coal_co2_share = 1.2 {CEADS_2020}", "1.2", "ceads"
    ),
    "region_year_industrial_co2_share": fault(
        f"update {YEAR} set industrial_co2_share = -0.1 {CEADS_2020}", "-0.1", "ceads"
    ),
    "region_year_co2_per_gdp": fault(
        scale(YEAR, "co2_t_per_gdp", 1e4, CEADS_2020), "ceads", "2020"
    ),
    "region_year_industrial_co2_intensity": fault(
        scale(YEAR, "industrial_co2_t_per_industrial_va", 1e4, CEADS_2020), "ceads", "2020"
    ),
    "region_year_industrial_coal_intensity": fault(
        scale(YEAR, "industrial_coal_t_per_industrial_va", 1e4, CEADS_2020), "ceads", "2020"
    ),
    "region_year_gdp_growth": fault(
        f"update {YEAR} set gdp_10k_cny_change_rate = 0.8 {CEADS_2020}", "0.8", "ceads"
    ),
    "region_year_other_gases_are_small": fault(
        scale(YEAR, "co2e_t", 5, CEADS_2020), "ceads", "2020"
    ),
    "region_year_has_every_method": fault(f"delete from {YEAR} {CEADS_2020}", "ceads", "2020"),
    "region_year_has_no_gaps": fault(f"delete from {YEAR} {CEADS_2020}", "ceads", "2021"),
    "region_year_keeps_values": fault(
        f"update {YEAR} set gdp_10k_cny = null {CEADS_2020}", "ceads", "gdp_10k_cny"
    ),
    "region_economy_size": fault(
        scale(ECONOMY, "gdp_10k_cny", 1e4, f"{IN_2020} and region_code = '320500'"),
        "320500",
        "2020",
    ),
    "region_economy_growth": fault(
        scale(ECONOMY, "gdp_10k_cny", 2, f"{IN_2020} and region_code = '320500'"), "320500", "2020"
    ),
    "region_economy_cities_make_up_the_province": fault(
        scale(ECONOMY, "gdp_10k_cny", 1.3, f"{IN_2020} and region_code <> '320000'"),
        "320000",
        "2020",
    ),
    "published_figures_cover_the_report": fault(
        "delete from reference.published_figures where table_or_figure like '%Table 3-2%'",
        "Table 3-2",
    ),
    "levels_and_scopes_add_up": fault(
        f"update {CO2} set scope = '3' {IN_2020} and fuel_code = 'raw_coal'"
        " and region_code = '320000' and method = 'ceads'",
        "320000",
        "ceads",
    ),
    "region_year_industry_is_part_of_the_region": fault(
        scale(YEAR, "industrial_co2_t", 2, f"{CEADS_2020} and region_code = '320000'"),
        "320000",
        "ceads",
    ),
    "region_year_cities_make_up_the_province": fault(
        scale(YEAR, "co2_t", 1.3, f"{CEADS_2020} and region_code <> '320000'"), "320000", "ceads"
    ),
    "reconciliation_has_no_mismatch": fault(
        "update quality.reconciliation set status = 'mismatch' where figure_id = 'F23-002'",
        "F23-002",
    ),
    "reconciliation_mismatch_has_a_revision": fault(
        "update quality.reconciliation set status = 'mismatch' where figure_id = 'F23-001'",
        "F23-001",
    ),
    "reconciliation_keeps_figures": fault(
        "update quality.reconciliation set status = 'not_derivable' where figure_id = 'F23-001'",
        "F23-001",
    ),
    "revisions_are_small": fault(
        "update quality.revisions set relative_change = -0.5 where year = 2018", "2018", "-0.5"
    ),
    "industry_split_repeats_are_marked": fault(
        "update quality.industry_split set is_split_frozen = false "
        f"{IN_2020} and fuel_code = 'raw_coal'",
        "raw_coal",
        "2020",
    ),
    "industry_split_mark_reaches_co2": fault(
        f"update {CO2} set is_split_frozen = false {IN_2020} and fuel_code = 'raw_coal'",
        "raw_coal",
        "2020",
    ),
    "emission_factors_in_physical_range": fault(
        scale(FACTORS, "co2_t_per_unit", 10, COKE), "report_2023.coke"
    ),
    "emission_factors_oxidation": fault(
        f"update {FACTORS} set oxidation_rate = 93 {COKE}", "report_2023.coke"
    ),
    "emission_factors_oxidation_is_high": fault(
        f"update {FACTORS} set oxidation_rate = 0.5 {COKE}", "report_2023.coke"
    ),
    "emission_factors_carbon_content": fault(
        scale(FACTORS, "carbon_content_tc_per_gj", 1e3, COKE), "report_2023.coke"
    ),
    "emission_factors_ch4": fault(scale(FACTORS, "ch4_kg_per_gj", 1e3, COKE), "report_2023.coke"),
    "emission_factors_keep_values": fault(
        scale(FACTORS, "co2_t_per_unit", 1.01, COKE), "report_2023.coke"
    ),
    "grid_factors_in_range": fault(
        "update reference.grid_emission_factors set co2_t_per_mwh = 553.66 "
        "where factor_id = 'grid.100000.2022'",
        "grid.100000.2022",
    ),
    "grid_factors_year_on_year": fault(
        "update reference.grid_emission_factors set co2_t_per_mwh = 0.9 "
        "where factor_id = 'grid.100000.2022'",
        "grid.100000.2022",
        "0.5568",
    ),
    "methods_are_kept": fault("delete from reference.methods where method = 'ceads'", "ceads"),
    "regions_are_kept": fault(
        "delete from reference.regions where region_code = '320500'", "320500"
    ),
    "sources_can_be_cited": fault(
        "update reference.sources set licence = '' where source_id = 'report_2023'", "report_2023"
    ),
    "data_dictionary_is_complete": fault(
        "update reference.data_dictionary set label_zh = '' "
        "where table_name = 'region_co2' and column_name = 'co2_t'",
        "region_co2",
        "co2_t",
    ),
    "data_dictionary_covers_every_column": fault(
        "delete from reference.data_dictionary "
        "where table_name = 'region_co2' and column_name = 'co2_t'",
        "region_co2",
        "co2_t",
    ),
    "sums_are_conserved": fault(
        scale(
            "emissions.enterprise_co2_by_method",
            "co2_t",
            1.001,
            f"{OF_P01} and method = 'ceads' and scope = '1'",
        ),
        "park_co2_t_of_enterprises",
        "P01/2020/ceads/1",
    ),
    "region_co2_views_agree": fault(
        scale(
            "all_levels.region_co2_views",
            "co2_t",
            1.001,
            f"{IN_2020} and region_code = '320000' and component = 'electricity'",
        ),
        "320000",
        "2020",
    ),
    "park_evaluation_in_range": fault(
        f"update indicators.park_evaluation set score = 1.2 {OF_P01} and score is not null", "P01"
    ),
    "park_evaluation_judged_or_refused": fault(
        f"update indicators.park_evaluation set score_rank = null {OF_P01}", "P01"
    ),
    "park_evaluation_points_make_the_score": fault(
        scale("indicators.park_evaluation_indicators", "weighted_value", 1.01, OF_P01), "P01"
    ),
    "park_carbon_codes_judged_or_refused": fault(
        f"update indicators.park_carbon_codes set colour = null {OF_P01}", "P01", "2020"
    ),
    "park_carbon_codes_ratio_is_to_the_benchmark": fault(
        scale("indicators.park_carbon_codes", "efficiency_ratio", 1.01, OF_P01), "P01", "2020"
    ),
    "park_management_lists_have_a_reason": fault(
        f"update indicators.park_management set management_list = 'exempt', quartile = 2 {OF_P01}",
        "P01",
    ),
    "resource_intensity_in_range": fault(
        f"update indicators.resource_intensity set quantity = -1 {OF_P01} and resource = 'water'",
        "P01",
        "water",
    ),
    "resource_intensity_has_a_best": fault(
        "update indicators.resource_intensity set share_of_best = share_of_best / 2 "
        f"{IN_2020} and resource = 'land' and structure = 'comprehensive'",
        "comprehensive",
        "land",
    ),
    "park_coupling_is_made_of_its_degrees": fault(
        scale("indicators.park_coupling", "coordination_degree", 1.01, OF_P01), "P01"
    ),
    "pollution_carbon_synergy_is_in_its_quadrant": fault(
        "update indicators.pollution_carbon_synergy set synergy_state = 'no_control' "
        "where park_id = 'P01' and synergy_state = 'co_control'",
        "P01",
        "no_control",
    ),
    "ets_positions_are_worth_their_price": fault(
        "insert into indicators.ets_positions by name select 'P01' as park_id, 'E1' as "
        "enterprise_id, 2024 as year, 'p' as price_id, 10 as shortfall_t, "
        "2 as price_10k_cny_per_t, 21 as exposure_10k_cny",
        "P01",
        "E1",
    ),
    "carbon_assessment_items_have_a_basis": fault(
        "update indicators.carbon_assessment_items set reason = null "
        "where year = 2021 and assessment_item = 6",
        "2021",
    ),
    "region_concentration_in_range": fault(
        "update indicators.region_concentration set value = 1.2 "
        f"{IN_2020} and statistic = 'cr4' and measured = 'coal_t' and method = 'ceads'",
        "cr4",
        "ceads",
    ),
    "city_key_industries_no_data_is_empty": fault(
        "update indicators.city_key_industries set end_use_co2_t = 0 "
        f"{IN_2020} and region_code = '320400' and method = 'ceads'",
        "320400",
        "ceads",
    ),
    "city_key_industries_keep_the_number": fault(
        "update indicators.city_key_industries set key_status = 'key' "
        f"{IN_2020} and region_code = '320500' and method = 'ceads' and rank = 5",
        "320500",
        "ceads",
    ),
    "key_parks_have_a_rule": fault(
        "update indicators.key_parks set rule = null where park_id = '320100-N01'", "320100-N01"
    ),
    "key_parks_include_the_named": fault(
        "delete from indicators.key_parks where park_id = '320100-N01'", "320100-N01"
    ),
}

# Drivers, scenarios and peaks.
MARTS |= {
    "lmdi_effects_change_is_that_of_the_region": fault(
        "update indicators.lmdi_effects set change = change * 2, value = value * 2 "
        "where entity = '320000' and period = '2016-2020' and method = 'ceads' "
        "and form = 'additive'",
        "320000",
        "2016-2020",
    ),
    "lmdi_effects_cover_the_regions": fault(
        "delete from indicators.lmdi_effects where region_code = '320000' "
        "and entity_type = 'region' and method = 'ceads'",
        "320000",
        "ceads",
    ),
    "region_industry_year_energy_is_part_of_the_region": fault(
        scale("all_levels.region_industry_year", "industrial_energy_tce", 1.3, IN_2020),
        "320000",
        "2020",
    ),
    "kaya_factors_shares_make_a_whole": fault(
        "update indicators.kaya_factors set coal_share = coal_share + 0.1 "
        "where region_code = '320000' and year = 2020 and method = 'ceads'",
        "320000",
        "2020",
    ),
    "kaya_factors_co2_t_per_tce": fault(
        "update indicators.kaya_factors set co2_t_per_tce = co2_t_per_tce * 10 "
        "where region_code = '320000' and year = 2020 and method = 'ceads'",
        "320000",
        "2020",
    ),
    "kaya_factors_shares_in_range": fault(
        "update indicators.kaya_factors set coal_share = coal_share + 1, gas_share = gas_share - 1 "
        "where region_code = '320000' and year = 2020 and method = 'ceads'",
        "320000",
        "2020",
    ),
    "region_growth_is_believable": fault(
        "update all_levels.region_growth set real_growth_rate = 0.4 "
        "where region_code = '320500' and year = 2018 and indicator = 'gdp'",
        "320500",
        "2018",
    ),
    "region_growth_rates_stay_in_one_series": fault(
        "update all_levels.region_growth set real_growth_rate = 0.05, refusal = null "
        "where region_code = '320000' and year = 2020 and indicator = 'industrial_value_added'",
        "320000",
        "industrial_value_added",
    ),
    "growth_agrees_with_the_announcement": fault(
        "update quality.growth_agreement set is_within = false "
        "where region_code = '320000' and year = 2020",
        "320000",
        "2020",
    ),
    "scenarios_shares_in_range": fault(
        "update indicators.scenarios set coal_share = coal_share + 1, gas_share = gas_share - 1 "
        "where region_code = '320000' and year = 2025 and method = 'ceads'",
        "320000",
        "2025",
    ),
    "scenarios_gas_share_is_believable": fault(
        "update indicators.scenarios set gas_share = 0.6 "
        "where region_code = '320000' and year = 2025 and method = 'ceads'",
        "320000",
        "2025",
    ),
    "scenarios_growth_is_believable": fault(
        "update indicators.scenarios set "
        "industrial_value_added_10k_cny = industrial_value_added_10k_cny * 3 "
        "where region_code = '320000' and year = 2025 and method = 'ceads'",
        "320000",
        "2025",
    ),
    "early_warnings_have_a_basis": fault(
        "update indicators.early_warnings set alert = 'watch' where alert = 'no_basis'",
        "watch",
    ),
    "decoupling_states_follow_from_the_signs": fault(
        "update indicators.decoupling set state = 'strong_decoupling' where entity = '320000' "
        "and period = '2016-2020' and method = 'ceads'",
        "320000",
        "2016-2020",
    ),
    "decoupling_parts_multiply_to_the_elasticity": fault(
        "update indicators.decoupling set elasticity = elasticity + 1 where entity = '320000' "
        "and period = '2016-2020' and method = 'ceads'",
        "320000",
        "2016-2020",
    ),
    "decoupling_is_at_constant_prices": fault(
        "update indicators.decoupling set price_basis = 'current' where entity = '320000' "
        "and period = '2016-2020' and method = 'ceads'",
        "320000",
        "current",
    ),
    "scenarios_shares_make_a_whole": fault(
        "update indicators.scenarios set gas_share = gas_share + 0.1 where region_code = '320000' "
        "and year = 2025 and method = 'ceads' and scenario = 'baseline'",
        "320000",
        "2025",
    ),
    "scenarios_start_from_what_was": fault(
        "update indicators.scenarios "
        "set direct_and_purchased_co2_t = direct_and_purchased_co2_t * 1.1 "
        "where region_code = '320000' and year = base_year and method = 'ceads' "
        "and scenario = 'baseline'",
        "320000",
        "ceads",
    ),
    "scenarios_median_lies_in_the_interval": fault(
        "update indicators.scenarios set co2_high_t = co2_low_t * 0.5 "
        "where region_code = '320000' and year = 2025 and method = 'ceads'",
        "320000",
        "2025",
    ),
    "scenarios_have_every_year": fault(
        "delete from indicators.scenarios where region_code = '320000' and year = 2024 "
        "and method = 'ceads' and scenario = 'baseline'",
        "320000",
        "baseline",
    ),
    "scenario_potential_parts_add_up": fault(
        "update indicators.scenario_potential set efficiency_effect_t = efficiency_effect_t * 2 "
        "where region_code = '320000' and year = 2025 and method = 'ceads'",
        "320000",
        "2025",
    ),
    "scenario_potential_lies_between_scenarios": fault(
        "update indicators.scenario_potential "
        "set reduction_t = reduction_t + direct_and_purchased_co2_t * 0.01 "
        "where region_code = '320000' and year = 2025 and method = 'ceads'",
        "320000",
        "2025",
    ),
    "peak_status_needs_its_years": fault(
        "update indicators.peak_status set status = 'peaked' where years_count < 8", "peaked"
    ),
    "peak_status_p_values_by_area": fault(
        "update indicators.peak_status set p_normal = p_normal / 2, "
        "p_value = coalesce(p_exact, p_normal / 2) where entity = '320000'",
        "320000",
    ),
    "scenario_tornado_bars_are_their_ends": fault(
        "update indicators.scenario_tornado set swing_t = swing_t * 2 where swing_rank = 2",
        '"swing_rank": 2',
    ),
    "peak_status_maximum_is_the_largest": fault(
        "update indicators.peak_status set peak_value_t = peak_value_t * 0.9 "
        "where entity = '320000' and indicator = 'co2_t' and method = 'ceads'",
        "320000",
        "ceads",
    ),
    "early_warnings_misses_have_a_year": fault(
        "update indicators.early_warnings set miss_year = null where alert = 'warning'",
        "warning",
    ),
    "early_warnings_watch_every_plan": fault(
        "delete from indicators.early_warnings where park_id = 'P01'", "P01"
    ),
    "price_deflators_move_slowly": fault(
        "update indicators.price_deflators set deflator = deflator * 2 "
        "where region_code = '320500' and year = 2018",
        "320500",
        "2018",
    ),
    "price_deflators_are_one_in_their_base_year": fault(
        "update indicators.price_deflators set deflator = 1.1 "
        "where region_code = '320500' and year = price_base_year",
        "320500",
    ),
}

PARK_YEAR = "indicators.park_year_by_method"
PARK_3 = "where park_id = 'P03' and year = 2020"
RETURN = (
    "insert into quality.return_lineage "
    "(park_id, enterprise_id, year, month, fuel_code, flow, quantity, origin) values "
)

MARTS |= {
    "park_year_ratio_has_one_boundary": fault(
        f"update {PARK_YEAR} set co2_boundary = 'above_size_industry' {PARK_3}", "P03"
    ),
    "park_year_co2_per_gdp": fault(scale(PARK_YEAR, "co2_t_per_gdp", 1e4, PARK_3), "P03"),
    "park_year_co2_per_energy": fault(
        scale(PARK_YEAR, "above_size_co2_t_per_tce", 10, PARK_3), "P03"
    ),
    "park_year_top_enterprises": fault(
        f"update {PARK_YEAR} set top10_enterprise_share = 1.2 {PARK_3}", "P03", "1.2"
    ),
    "park_year_two_high_share": fault(
        f"update {PARK_YEAR} set two_high_output_share = -0.2 {PARK_3}", "P03", "-0.2"
    ),
    "park_year_has_every_method": fault(
        f"delete from {PARK_YEAR} {PARK_3} and method = 'ceads'", "P03", "ceads"
    ),
    "park_year_keeps_parks": fault(f"delete from {PARK_YEAR} {PARK_3}", "P03", "2020"),
    "park_co2_is_not_negative": fault(
        f"update emissions.park_co2_by_method set co2_t = -co2_t {PARK_3}", "P03"
    ),
    "park_co2_is_that_of_its_enterprises": fault(
        scale(
            "emissions.enterprise_co2_by_method", "co2_t", 1.001, f"{PARK_3} and method = 'ceads'"
        ),
        "P03",
        "ceads",
    ),
    "park_co2_lies_in_its_city": fault(
        scale("emissions.park_co2_by_method", "co2_t", 1e3, f"{PARK_3} and method = 'ceads'"),
        "2020",
        "ceads",
    ),
    "park_energy_has_every_return": fault(
        "delete from raw.park_returns_enterprises where enterprise_id = 'P03-E01'", "P03-E01"
    ),
    "parks_lie_inside_their_city": fault(
        scale("emissions.park_energy", "energy_tce", 100, f"{PARK_3} and industry_code = '31'"),
        "320200",
        "31",
    ),
    "park_roll_up_agrees": fault(
        f"update quality.park_roll_up set status = 'enterprises_below_park' {PARK_3}", "P03"
    ),
    "park_peak_plans_start_from_the_account": fault(
        "update indicators.park_peak_plans set base_co2_t = base_co2_t * 2 where park_id = 'P03'",
        "P03",
    ),
    "measured_factors_are_believable": fault(
        "insert into reference.factors (factor_kind, scheme, factor_of, applies_to, data_year, "
        "factor_value, unit) "
        "values ('ncv', 'measured', 'raw_coal', 'P03/P03-E01', 2020, 20908, 'gj/t')",
        "P03-E01",
        "20908",
    ),
    "boundaries_form_a_tree": fault(
        "update reference.park_boundaries set parent_park_id = park_id where park_id = 'P03'",
        "P03",
        "in_itself",
    ),
    "boundaries_are_registered": fault(
        "delete from reference.parks where park_id = '320900-Z18'", "320900-Z18"
    ),
    "member_shares_at_most_whole": fault(
        "insert into quality.member_shares (list_park_id, enterprise_id, year, park_id, status) "
        "values ('P03', 'P03-E01', 2020, 'P04', 'above_whole')",
        "P03-E01",
        "P04",
    ),
    "members_lie_somewhere": fault(
        "insert into quality.member_shares (list_park_id, enterprise_id, year, status) "
        "values ('P03', 'P03-E01', 2020, 'nowhere')",
        "P03-E01",
    ),
    "parts_and_rest_are_the_whole": fault(
        "insert into quality.boundary_sums (park_id, year, method, scope, whole_co2_t, "
        "parts_co2_t, rest_co2_t, exchanged_co2_t, status) "
        "values ('P03', 2020, 'ceads', '1', 2, 1, 0, 0, 'differs')",
        "P03",
    ),
    "accounts_rest_on_no_fault": fault(
        "insert into quality.account_faults (park_id, year, method, cause, entry, enterprise_id) "
        "values ('P03', 2020, 'park_ghg', 'no_factor', 'process', 'P03-E01')",
        "P03-E01",
        "no_factor",
    ),
    "ledger_fuel_factors_in_range": fault(
        "update emissions.park_carbon_ledger set gas_t_per_quantity = 20 where park_id = 'P03' "
        "and year = 2020 and line_item = 'raw_coal' and gas = 'co2' and entry = 'combustion'",
        "P03",
        "raw_coal",
    ),
    "core_ratio_is_believable": fault(
        "update emissions.park_carbon_account set core_co2_t_per_tce = -1 where park_id = 'P03' "
        "and year = 2020 and is_own_view",
        "P03",
    ),
    "certificates_are_claimed_once": fault(
        "insert into quality.certificate_claims (certificate_id, claim_scheme, park_id, "
        "first_park_id, status) values ('GEC-7', 's', 'P03', 'P04', 'claimed_before')",
        "GEC-7",
        "P04",
    ),
    "inside_exchange_agrees": fault(
        "insert into quality.inside_exchange (park_id, year, carrier, seller, buyer, status) "
        "values ('P03', 2020, 'heat', 'P03-E01', 'P03-E02', 'differ')",
        "P03-E01",
        "P03-E02",
    ),
    "direct_supply_share_is_a_share": fault(
        "insert into indicators.park_direct_supply (park_id, year, supply_test, tested_share) "
        "values ('P03', 2020, 'direct_supply', 1.5)",
        "P03",
        "1.5",
    ),
    "months_make_their_year": fault(
        "insert into quality.month_roll_ups (dataset, park_id, enterprise_id, year, carrier, flow, "
        "year_quantity, months_quantity, status) values ('park_returns_enterprise_energy', 'P03', "
        "'P03-E01', 2020, 'raw_coal', 'consumption', 10, 13, 'months_exceed_year')",
        "P03-E01",
        "13",
    ),
    "returns_are_not_of_the_year_before": fault(
        RETURN
        + ", ".join(
            f"('P03', 'P03-E01', {year}, null, '{fuel}', 'consumption', 7, 'observed')"
            for year in (2030, 2031)
            for fuel in ("raw_coal", "coke", "diesel")
        ),
        "P03-E01",
        "2031",
    ),
    "returns_are_near_the_year_before": fault(
        RETURN + "('P03', 'P03-E01', 2030, null, 'raw_coal', 'consumption', 10, 'observed'), "
        "('P03', 'P03-E01', 2031, null, 'raw_coal', 'consumption', 1000, 'observed')",
        "P03-E01",
        "2031",
    ),
    "returned_years_before_edition": fault(
        RETURN.replace("origin)", "origin, vintage)")
        + "('P03', 'P03-E01', 2031, null, 'raw_coal', 'consumption', 10, 'observed', 2030)",
        "P03-E01",
        "2031",
    ),
    "returned_years_are_whole": fault(
        RETURN + "('P03', 'P03-E01', 2031, 4, 'raw_coal', 'consumption', 10, 'observed')",
        "P03-E01",
        "2031",
    ),
    "request_ends_are_ordered": fault(
        "update quality.data_requests set co2_least_t = co2_most_t + co2_t where park_id = 'P03' "
        "and co2_width_t > 0",
        "P03",
    ),
    "frozen_accounts_stand": fault(
        "insert into quality.frozen_accounts (park_id, year, method, frozen_version, frozen_co2_t, "
        "recomputed_co2_t, status) values ('P03', 2020, 'ceads', 'v', 100, 125, 'differs')",
        "P03",
        "125",
    ),
    "published_factors_fit_their_parts": fault(
        "update quality.factor_physics set status = 'differs' where scheme = "
        "'guideline_worked_table' and fuel_code = 'diesel' and physics_test = 'own_parts'",
        "guideline_worked_table",
        "diesel",
    ),
    "budgets_within_their_parent": fault(
        "insert into indicators.carbon_budgets (node_id, year, budget_level, budget_t, children_t, "
        "allocation_status) values ('320000', 2024, 'province', 100, 101, 'exceeds')",
        "320000",
        "101",
    ),
    "budgets_are_kept": fault(
        "insert into indicators.carbon_budgets (node_id, year, budget_level, available_t, "
        "year_co2_t, budget_status) values ('P03', 2024, 'park', 100, 120, 'overspent')",
        "P03",
        "120",
    ),
    "path_steps_are_possible": fault(
        "insert into indicators.park_paths (park_id, method, path_id, year, path_fault) "
        "values ('P03', 'zero_carbon_park_2025', 'ours', 2026, 'before_lead_time')",
        "P03",
        "before_lead_time",
    ),
}

FAULTS = {"raw": RAW, "marts": MARTS}
