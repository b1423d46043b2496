"""What a load needs, what there is of it, what breaks first and what that costs: sums from measured calls, bytes and
CPU, and a small simulation where sums mislead. `python -m infra.growth` prints it; infra/runbooks/growth.md keeps it.
"""
