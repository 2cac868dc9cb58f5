"""Scores and documents for people to look at: tables, terminal, leaderboard."""
