"""Decisions about requests: plain functions over plain values, each quoting its rule of DESIGN §4."""
