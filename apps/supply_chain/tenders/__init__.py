"""Tenders: who may do what, the steps of a tender, its ranking, its pages and its report."""
