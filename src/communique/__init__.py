"""communique: who claimed what, and how. A labelled dataset and benchmark of diplomatic and political news."""

__version__ = "0.1.0"
