"""The rules of the desk. Nothing here knows AWS, a clock or an environment: time and ids are arguments."""
