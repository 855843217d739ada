"""Where the variance lies: shares, directions, shrinkage, groups on their own."""
