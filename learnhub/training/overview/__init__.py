"""The pages that show tasks and batches with everything about them."""
