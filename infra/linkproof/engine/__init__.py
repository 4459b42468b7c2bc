"""The real Pulumi engine, by its command line: nothing here declares resources."""
