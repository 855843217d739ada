"""What the data can tell apart, decided before a fit."""
