"""Resolve what ports accept and what clients are told to send.

In: memberships, selections and policies. Out: the mode of each port with its reason; how PeerAuthentication and TLS
settings contradict each other.
"""
