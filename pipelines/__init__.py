"""The pipeline of hatangso: one package a stage, each of plain functions that run without Dagster."""
