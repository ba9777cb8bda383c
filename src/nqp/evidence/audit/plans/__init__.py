"""Which checks are put to which printed numbers: one module a paper, each with `plan` and `OUT_OF_REACH`."""
