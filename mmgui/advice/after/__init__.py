"""Rules for a model after it is fitted: convergence, singularity, what carries the result."""
