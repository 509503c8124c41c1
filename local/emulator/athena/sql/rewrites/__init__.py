"""What DuckDB means otherwise than Athena, by kind of expression, and what to write instead."""
