"""Who holds an attribution: mentions, their clusters, and the choice between them by rules or learned."""
