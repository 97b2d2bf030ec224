"""The ledger tab: the mission's table filled by this run, with the numbers behind every sentence."""
