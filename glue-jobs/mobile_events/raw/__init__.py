"""Where raw objects are, and the records in them."""
