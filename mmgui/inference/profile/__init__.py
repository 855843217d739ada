"""Likelihood profiles: intervals, curves and the traces of the other parameters."""
