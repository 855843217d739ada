"""The criterion as inference needs it: in a person's units, with derivatives, with parameters held."""
