"""What is learnt on composed text tried on real text and back, one collection a module, and what they share."""
