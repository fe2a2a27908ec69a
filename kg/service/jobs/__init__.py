"""Floor 10: what workers do, a module for each kind of job.

Each question has a function `(context, job, out)` that writes its answer to `out`, and raises a
`KgError` where there is none.
"""
