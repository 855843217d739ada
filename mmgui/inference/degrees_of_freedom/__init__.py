"""By what distributions hypotheses about fixed effects are judged."""
