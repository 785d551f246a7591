"""The pack as it is shipped: written, read back, and its parity fixture."""
