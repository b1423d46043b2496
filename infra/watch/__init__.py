"""The alarms of template.yaml, read as data and run over metrics."""
