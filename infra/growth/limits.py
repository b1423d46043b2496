"""What AWS gives an account, each with its source. None of it stands in template.yaml; most of it a request raises."""

from __future__ import annotations

# DynamoDB: "each individual partition is limited to 1,000 write units per second and 3,000 read units" (developer
# guide, warm throughput scenarios); a new on-demand table takes 4,000 and 12,000 at once, and double the last peak
# after half an hour (repost.aws, on-demand table throttling). An index has partitions of its own.
PARTITION_WRITES, PARTITION_READS = 1_000, 3_000
NEW_TABLE_WRITES, NEW_TABLE_READS = 4_000, 12_000
#: A new on-demand table stands on as many partitions, and so many shards its stream has.
NEW_TABLE_SHARDS = 4

# Lambda: a new account runs 10 at once until it asks (an older one 1,000); a queue's mapping starts with 5 runs and
# adds at most 300 a minute (developer guide, scaling of SQS event sources).
NEW_ACCOUNT_RUNS, ACCOUNT_RUNS = 10, 1_000
QUEUE_STARTS_WITH, QUEUE_ADDS_A_MINUTE = 5, 300

# SES: its sandbox, and what an account is usually given when it leaves it. Both quotas are the account's own and only
# GetAccount tells them (shared FACTS; the second pair from operators' pages, no longer published).
SANDBOX_A_DAY = 200
SES_A_SECOND, SES_A_DAY = 14, 50_000

# KMS: symmetric requests of an account and region together (from memory; the guide's table by region was not at hand,
# Service Quotas shows the account's). Secrets Manager: GetSecretValue.
KMS_A_SECOND = 10_000
SECRETS_A_SECOND = 10_000

# S3: a prefix, before it splits by itself.
S3_PUTS_A_SECOND = 3_500
#: API Gateway: an account and region together.
API_A_SECOND = 10_000

#: Seconds that S3 takes to list 1,000 names. Assumed: there is no AWS here to ask.
LISTING_SECONDS = 0.2
