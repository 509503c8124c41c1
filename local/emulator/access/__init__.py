"""IAM where ministack doesn't check it: what services do with a role that they were given."""
