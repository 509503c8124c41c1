"""How fast the job is, beside other ways to do the same: the contenders of `npm run bench:etl`.

Each runs in a process of its own (`python -m etl.measure`), on local files and two cores.
"""
