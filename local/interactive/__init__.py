"""Spark at a prompt or in a notebook, with the tables of the local catalog and the job's package."""
