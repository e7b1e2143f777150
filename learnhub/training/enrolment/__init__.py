"""Enrolment of members in a batch: filling, waiting list, changes of a batch and their consequences."""
