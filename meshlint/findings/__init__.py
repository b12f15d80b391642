"""From judgements to findings: places, causes, fingerprints, suppressions.

In: faults of the engine. Out: findings and the report. It knows no format.
"""
