"""The streaming decoder: tokens, their layout, the network, and how it runs on a live stream."""
