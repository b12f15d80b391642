"""Bytes become documents with problems and, on demand, positions.

In: bytes. Out: plain values. It never raises and knows no Kubernetes.
"""
