"""The criterion over one or two covariance parameters, the others held or at their best."""
