"""The decoder's training: sequences and batches, the feature store, the loop, its curves."""
