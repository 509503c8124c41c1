"""Local stand-in for the Python side of Glue: as much of `awsglue` as runs without its Scala."""
