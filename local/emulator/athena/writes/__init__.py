"""Statements that write rows to S3: CREATE TABLE AS, INSERT INTO and UNLOAD."""
