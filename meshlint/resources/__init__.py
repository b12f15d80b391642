"""Documents become resources: kind, name, namespace and the facts worth keeping; knows no mesh and no rule."""
