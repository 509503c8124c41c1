"""The local AWS API: ministack in one process, with this project's own Glue and Athena in it."""
