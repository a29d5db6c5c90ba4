"""Toy suites for the tests of the framework."""
