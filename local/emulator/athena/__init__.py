"""Athena's API: records by moto's Athena backend, queries run by DuckDB over the Glue catalog."""
