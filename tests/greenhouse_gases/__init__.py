"""Tests of greenhouse gases and energy."""
