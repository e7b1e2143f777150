"""Pages of the record book."""

from learnhub.records.views import certificates, hour_rules, objections, verify
from learnhub.records.views.blueprint import bp

__all__ = ["bp", "certificates", "hour_rules", "objections", "verify"]
