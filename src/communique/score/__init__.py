"""Predictions against gold: items, matching, counts, metrics, evaluation."""
