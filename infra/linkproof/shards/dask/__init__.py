"""A verification in shards and from several vantages on a cluster of Dask. Only `conduct.py` imports `distributed`, and only when it runs."""
