"""One module a channel, one table over them (`table`)."""
