"""The transform of the mobile pipeline: raw Segment calls in, rows of one partitioned table out.

Plain PySpark and boto3, with no import of Glue's own modules.
"""
