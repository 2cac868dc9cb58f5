"""Sources and annotations to a frozen release."""
