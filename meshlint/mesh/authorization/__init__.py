"""Read AuthorizationPolicy, RequestAuthentication and Kubernetes RBAC: who may call, by which identity.

In: the inventory, memberships and selections. Out: what policies attach to and what their rules can never match.
"""
