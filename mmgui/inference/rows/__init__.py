"""What a model says of rows: residuals, leverage, influence, predictions."""
