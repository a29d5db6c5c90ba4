-- how far the model of cities is from what it did not see
select
    run, series, is_held_back, indicator, point_count, correlation, mean_relative_difference,
    mean_absolute_relative_difference
from quality.model_validation_summary
order by all
