"""Statements that define databases, tables, partitions and views, and how each is carried out."""
