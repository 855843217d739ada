"""Responses drawn from a model, and what is learnt from them."""
