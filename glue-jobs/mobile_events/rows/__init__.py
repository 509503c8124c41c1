"""What a row is: names, types and values of columns, and records decoded into batches of them."""
