"""The cases table and the vault table.

Access patterns: every question that is asked, and what answers it. Nothing scans.

| question | answered by |
| --- | --- |
| a case by its number | table: pk `CASE#number`, sk `CASE` |
| everything about a case | table: pk `CASE#number` (rows `CASE`, `MSG#…`, `OUT#…`, `HIST#…`, `LIKE#…`) |
| letters that one transaction could not hold | table: pk `CASE#number`, sk `PARCEL#…`; as outbox rows in index due |
| a text over 64 kB | attachments bucket: the message's `body`, under its arrival's name |
| cases that name an attachment's content | table: pk `FILE#digest`, sk `CASE#number` |
| how often an address was answered by a machine of ours | table: pk `ANSWERED#reporter`, sk time and delivery |
| one delivery | table: pk `CASE#number`, sk `OUT#id` |
| was this arrival read, and what became of it | table: pk `ARRIVAL#key`, sk `MSG#index` (guard and ledger row in one) |
| did reading this arrival end the function | table: pk `TRIAL#key`; written where the queue brings it a third time |
| did this very message come before | table: pk `SEEN#channel#digest` |
| what is due now: cases | index due: `C#shard`, due_at ≤ now |
| what is due now, or unsent: outbox rows | index due: `O#shard`, due_at ≤ now |
| letters of the ladder that may go out now | index due: `E#shard`, due_at ≤ now; rows and cases in batches |
| the oldest unsent delivery | index due: `O#shard`, first row |
| unsent deliveries, for the gauges | index due: `O#shard`, both ends; the rows in batches |
| cases with a missed promise, and open ones, counted | index desk: `UNIT#unit`, `0!…`, and `0…` |
| cases of a unit in due order, by status, overdue | index desk: `UNIT#unit`: `0!…` missed, `0#…` open, `1#…` ended |
| … of a unit beside the lead | the same, rows `DESK#unit` |
| a delivery by the mail service's or platform's id | index ref: `OUTID#digest` (further ids: rows `PART#id#digest`) |
| cases with a citizen's message id | index ref: `MSGID#digest` |
| cases of a reporter | index ref: `REPORTER#id`, by time (rows `CASE`; `ALSO#id` for an earlier address) |
| cases of the same sender or place, for likely duplicates | index ref: `ALIKE#digest`, newest 10 (rows `LIKE#…`) |
| what the world may see, a month | index ref: `OPEN311#yyyy-mm`, newest 1,000 (rows `PUBLIC`), then as below |
| … its cases and first messages | table: in batches of 100; of a page, or with a filter of those 1,000 |
| may the world see these cases | table: pk `CASE#number`, sk `PUBLIC` (without `ref`: no more), in one batch |
| how a person and the desk stand on a chat channel | table: pk `TALK#reporter#channel`, sk `TALK` |
| what was said to a person about none of their cases | as a case's, under `TALK-reporter` for its number |
| arrivals of a day by outcome | index ref: `DAY#date#outcome`, by time |
| the policy in force, one version, all of them | table: pk `POLICY`, sk `V#version`, newest first |
| how far open cases are recomputed under it | table: pk `JOB`, sk `RECOMPUTE`; the cases by index desk, unit by unit |
| cases that a desk hears of with others of the hour | table: pk `NEW#unit`, sk time and number |
| how far the daily, weekly and hourly round came | table: pk `JOB`, sk `DIGEST#kind` |
| did this digest go to this office | table: pk `DIGEST#office#kind#round` |
| a letter to an office that belongs to no case | as a case's, under `OFFICE-hash` for its number |
| how often a receipt code, or a caller, was tried in the hour | table: pk `GUESS#what`, sk hour; gone by `expires` |
| a day's secret behind callers' names | table: pk `GUESS`, sk `SALT`; overwritten each day |
| what our own synthetic citizen wrote last | table: pk `CANARY`, sk `ROUND`; gone by `expires`, as its cases are |
| the ledger's last report, its walk and the gauges | table: pk `LEDGER`, sk `REPORT` |
| who is behind an address (vault) | table: pk `LOOKUP#key id#hash` |
| name and addresses of a reporter (vault) | table: pk `REPORTER#id`, sk `IDENTITY` |
| the salts of a case's commitments (vault) | table: pk `SALT#number`, sk the entry's number |
"""
