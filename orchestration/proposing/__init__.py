"""A proposal of how to read a file that nobody described yet."""
