"""What a worker does with a batch of documents: read, extract, match; frames in, frames out.

One module a stage, and the rows they hand over. A worker starts in the time that its imports take, so nothing here
imports pandera, DuckDB, settings or Dagster: whatever follows from those comes with the ``Place``. Spreading batches
over workers, keeping contracts and writing what the stages hand over is the business of pipelines.night.
"""
