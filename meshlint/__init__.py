"""meshlint: a policy-as-code compliance linter for service-mesh manifests."""

__version__ = "0.1.0"
