"""What the job keeps of its runs: ledger, lock and registry of columns."""
