"""Pages of rotational training."""

from learnhub.training.views import batches, certificates, closing, places, rolls, tasks
from learnhub.training.views.blueprint import bp

__all__ = ["batches", "bp", "certificates", "closing", "places", "rolls", "tasks"]
