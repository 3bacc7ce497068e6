"""What people ask of the dashboards."""
