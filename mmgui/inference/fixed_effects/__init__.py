"""Tests, contrasts and marginal means of the fixed effects."""
