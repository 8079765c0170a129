"""Releases: one complete, consistent published set beside the others, and the link that readers follow.

Reads the warehouse, never changes it. What the next night compares with is the warehouse's to keep.
"""
