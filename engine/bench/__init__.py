"""What a second of biology costs: named workloads, other simulators beside ours, and the table of both."""
