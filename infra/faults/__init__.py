"""`make faults`: the whole desk on the embedded AWS with faults between its functions and AWS, and what came of it."""
