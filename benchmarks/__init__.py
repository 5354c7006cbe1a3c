"""What the speed claims rest on: the portal, the stock way and the floors, measured in turn within one run.

`make bench` runs it; docs/performance.md says how to read it. Nothing here is installed in production.
"""
