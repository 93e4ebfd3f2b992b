"""Extraction over many processes and many machines: a manifest of shards, one Parquet file and one account a shard, and nothing done twice.

A batch is a folder. `planning` cuts the inputs into `shards`, a `worker` makes one of them, an engine (`local`, `ray`) has many workers at
it, `batch` knows what is missing, `verifying` counts again what was written, `loading` puts it into an archive, `variants` finds the same
words across shards. A shard is there if its account is; what is missing is made again, to the same bytes.

Nothing is imported here: every worker and every extractor is a process that starts with as little as it needs.
"""
