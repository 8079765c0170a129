"""Reading: bytes to blocks, one module per format.

Here belong the inventory of data/raw, sidecars, and what turns one file into blocks in
reading order. What the words mean is extraction's business.
"""
