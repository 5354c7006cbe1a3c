"""The staff pages. Each view fetches through a policy, calls, and renders."""
