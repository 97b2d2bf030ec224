"""The native format: networks in files that cannot be half written, and documents that survive a crash."""
