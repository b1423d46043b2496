"""`make load`: mails and webhooks at a stated rate into the running system, until each is acknowledged."""
