"""What is asked for: frozen descriptions of terms, models and sessions. Standard library only."""
