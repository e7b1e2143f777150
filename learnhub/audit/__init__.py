"""The audit trail: append-only, hash-chained; also where a repeated request is recognised."""
