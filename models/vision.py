"""The vision encoder: a frame's picture becomes four vectors for the decoder."""

from labels import labels_of

__all__ = ['labels_of']
