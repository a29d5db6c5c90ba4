-- Power stations burn fuel and give power, heating plants burn fuel and give heat. A table in which
-- that is the other way round has other signs than its heading or its sidecar says.
select
    table_id,
    item_label || ' (' || place || '): ' || case
        when is_product then 'what it makes has the sign of an input'
        else 'the fuel it burns has the sign of an output'
    end as detail,
    item_label || '（' || place_in_zh || '）：' || case
        when is_product then '产出的符号是投入'
        else '所用燃料的符号是产出'
    end as detail_zh
from plant_energy
where case when is_product then energy > 0 else energy < 0 end
