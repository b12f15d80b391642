"""Tests of the room `repairs`."""
