"""What a file holds: its format and columns, inferred from its first bytes or its footer."""
