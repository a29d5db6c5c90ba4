"""Dagster objects: thin wrappers over the plain functions of this package."""
