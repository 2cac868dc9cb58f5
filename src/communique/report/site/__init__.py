"""The release and its results as a folder of pages that needs neither network nor server."""
