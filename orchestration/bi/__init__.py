"""Apache Superset: datasets, charts and dashboards made from the published file and `dashboards/`.

Nothing is typed in Superset. `bundle` writes what it imports, `server` sets it up and starts it in
an environment of its own; `superset_config` and `superset_import` run inside that one.
"""
