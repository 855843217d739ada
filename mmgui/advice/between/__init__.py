"""Rules for fitted models beside each other: whether and how they may be compared."""
