"""A made-up country of any size: ``facts`` writes its raw tables, ``documents`` its documents with their truth.

Only names of units and indicators are real (they are read from the catalog); every figure is drawn from a seed.
"""
