"""What an operator runs by hand against a deployed desk."""
