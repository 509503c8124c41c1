"""Spark at a prompt or in a notebook: the local catalog's tables and the job's package."""
