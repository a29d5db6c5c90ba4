"""Time and memory, measured: `make bench` rewrites benchmarks/README.md."""
