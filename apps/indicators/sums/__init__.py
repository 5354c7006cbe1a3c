"""Yearly sums of approved records: kept by the database, read by the computation, checked by ``verify_sums``."""
