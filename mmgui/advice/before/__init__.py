"""Rules for a model before it is fitted: on its groups, its effects, its rows."""
