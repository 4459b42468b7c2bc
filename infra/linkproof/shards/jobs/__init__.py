"""One verification by several processes of one machine: each asks about whole zones, and all together give the result of one."""
