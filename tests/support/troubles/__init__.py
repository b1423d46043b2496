"""The desk under trouble, in memory and the same each time: a queue and a stream that deliver as AWS's do, schedules
that miss and double, clocks that differ, and a fault at any call to the outside. A story says what people did and what
went wrong; `promises` says what must hold when it is over."""
