with publications as (

    select * from {{ ref('publications') }}

),

sidecars as (

    select * from {{ source('raw', 'sidecars') }}

),

-- A source that only a sidecar names (a user's own file) is taken from the sidecar.
own_sources as (

    select
        source_id,
        min(title_zh) as title_zh,
        min(title_en) as title_en,
        min(publisher) as publisher,
        min(vintage) as edition_year,
        min(licence) as licence,
        min(origin) as origin,
        min(url_or_citation) as url_or_citation
    from sidecars
    where source_id not in (select publications.source_id from publications)
    group by source_id

),

united as (

    select
        source_id,
        title_zh,
        title_en,
        publisher,
        edition_year,
        licence,
        origin,
        url_or_citation
    from publications
    union all
    select
        source_id,
        title_zh,
        title_en,
        publisher,
        edition_year,
        licence,
        origin,
        url_or_citation
    from own_sources

),

final as (

    select
        source_id,
        title_zh,
        title_en,
        publisher,
        cast(edition_year as integer) as edition_year,
        licence,
        origin,
        url_or_citation
    from united

)

select * from final
order by source_id
