"""What `make bench` runs: one module a part, each with `measure() -> list[Result]` (see `results`)."""
