"""What is done on the dashboards: reports are issued."""
