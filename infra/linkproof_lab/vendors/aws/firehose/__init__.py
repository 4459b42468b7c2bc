"""Amazon Data Firehose: delivery streams into buckets."""
