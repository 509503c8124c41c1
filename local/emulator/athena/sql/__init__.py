"""Statements in Athena's SQL: told apart, checked, and written for DuckDB."""
