"""Models fitted again and again: to other responses, to fewer rows, on all cores."""
