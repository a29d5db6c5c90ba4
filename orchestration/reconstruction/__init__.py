"""Scripts that rebuild data nobody published, from what was published about them."""
