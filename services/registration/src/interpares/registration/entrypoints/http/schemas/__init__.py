"""What is asked and answered over HTTP: one module per resource, and the words they share."""
