"""From judgements to findings: places, causes, fingerprints; suppressions; what was found before.

In: faults of the engine. Out: findings and the report. It knows no format.
"""
