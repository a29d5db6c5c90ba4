{#
  One end, `least` or `greatest`, of where the core ratio of an account may lie because of a gap. The
  ends of CO2 and of energy may be of different years, so that the account itself, where it is one of
  the cases, need not lie between their ratios.
#}
{% macro end_of_core_ratio(end) -%}
    {{ end }}(
        low_ratio,
        high_ratio,
        case
            when
                low_co2_t <= 0 and high_co2_t >= 0 and low_energy_tce <= 0 and high_energy_tce >= 0
                then core_co2_t_per_tce
        end
    )
{%- endmacro %}
