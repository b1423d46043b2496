"""What the functions share: settings, logging, error table, lazy composition."""
