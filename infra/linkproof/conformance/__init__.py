"""Whether an edge, whosever, leaves a click as it is: requirements as data, an origin that records, and one check each."""
