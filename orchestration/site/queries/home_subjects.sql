-- where the data of regions and parks come from
select
    subject_type, fact, origin,
    count(distinct subject_code) as subject_count,
    origin = 'reconstructed' as is_model
from quality.subject_origins
group by subject_type, fact, origin
order by subject_type desc, fact, origin
