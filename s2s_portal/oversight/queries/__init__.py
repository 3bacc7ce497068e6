"""Reads behind the dashboards: counts and times, narrowed by who asks."""
