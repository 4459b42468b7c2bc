"""Amazon S3: buckets, each a folder of the lab's files."""
