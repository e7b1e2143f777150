"""Pages of the record book."""

from learnhub.records.views import certificates, entries, hour_rules, objections, verify
from learnhub.records.views.blueprint import bp

__all__ = ["bp", "certificates", "entries", "hour_rules", "objections", "verify"]
