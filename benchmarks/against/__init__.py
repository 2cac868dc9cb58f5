"""Our labels against people's, one collection a module, and what they share."""
