"""Nothing twice: what a refresh keeps for the next one, and how it knows what may be kept.

    <home>/kept/greenpark.duckdb   the landing and every node as it was built last
    <home>/kept/landing            the landed tables as Parquet
    <home>/kept/published.duckdb   what was published last, and what its tables were made of: .json
    <home>/kept/state.json         what the landing and the published version were made of
    <home>/kept/changing           there while the folder is being changed; left by a crash

No reader sees the folder, and deleting it loses nothing: the next refresh builds all.
"""
