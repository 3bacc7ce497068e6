"""The commissioner's pages."""
