"""The mail channel: `reader.read` for what came in, `writer.compose` for what goes out, `notice` for what SES says."""
