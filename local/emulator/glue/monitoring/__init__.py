"""What Glue tells CloudWatch of jobs and crawlers: logs and metrics, put with the role's rights."""
