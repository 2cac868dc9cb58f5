"""Texts at scale, labelled: any number of them, in bounded memory, by one process, several, or a cluster."""
