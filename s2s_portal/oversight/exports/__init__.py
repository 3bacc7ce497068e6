"""Files that people take away: every table of the dashboards as CSV and as an Excel workbook."""
