"""Other engines than DuckDB for the transform step."""
