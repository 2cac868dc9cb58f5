"""Tasks for the lm-evaluation-harness; its own code is not needed to import any of this."""

from pathlib import Path

TASKS = Path(__file__).parent / "tasks"
"""What its ``--include_path`` wants."""
