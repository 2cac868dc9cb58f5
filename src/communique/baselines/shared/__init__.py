"""What several baselines have in common: attributions, features of types, tables of tokens, decoding."""
