"""Glue: records kept by moto's backend; crawls, job runs, triggers and workflow runs are ours."""
