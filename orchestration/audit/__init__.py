"""Audit: what the gates found, kept in the warehouse itself."""
