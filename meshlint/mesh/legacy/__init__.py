"""Decide which ports speak raw TCP that no proxy understands, and what excepts or adapts them.

In: protocols, modes and the configuration. Out: a fact for each such port.
"""
