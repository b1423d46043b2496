"""The outside world behind the ports: DynamoDB, S3, KMS, SES and one package per channel."""
