"""Amazon CloudWatch: metrics that services of the lab publish, alarms and dashboards."""
