"""The service report: facts, figures, formats."""
