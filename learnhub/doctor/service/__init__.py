"""Examining a start, and refusing an unsafe one."""

from learnhub.doctor.service.starting import examine, refuse_unsafe_start

__all__ = ["examine", "refuse_unsafe_start"]
