"""What must be believed about the data before it is published: rules, suites and their runner.

`rules.csv` indexes every rule; `suites/<gate>/<schema>__<table>.py` implements them with Great
Expectations; `runner.run_gate` runs a gate in this process, `worker.Worker` in a side process.
Nothing here imports Dagster, and great_expectations (seconds to import) is imported late.
"""
