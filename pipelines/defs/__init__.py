"""Dagster: one module a stage, plus checks, jobs and resources. Thin wrappers over plain functions."""
