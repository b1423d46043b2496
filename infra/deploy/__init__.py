"""`make deploy`: asks what an agency knows, checks what would go wrong, builds, deploys, says what is left to do."""
