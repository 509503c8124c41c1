"""Files that readers see, how they are published, and the tables over them."""
