"""The organisations app's pages."""
