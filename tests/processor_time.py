"""Processor time of this process and of the children it has waited for: how busy the machine is does not count."""

import resource


def processor_seconds() -> float:
    """Seconds used so far; take the difference."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
