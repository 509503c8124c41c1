"""The data contract, modelled in plain Python: what the job's tests are held against."""
