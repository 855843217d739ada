"""Which models may be compared, and tests between them."""
