"""What the portal survives: processes killed, servers restarted, clocks set back. Real processes, nothing simulated."""
