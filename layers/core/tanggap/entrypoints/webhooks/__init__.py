"""What the outside world sends without signing in: verified, stored, announced, answered. Nothing is understood here.

No table is read and no web framework loaded: a platform wants its answer within a second, cold start included."""
