"""The same story with IAM enforced: each function may do what its role in template.yaml says, and nothing else."""

from tests.e2e.test_story import *  # noqa: F403
