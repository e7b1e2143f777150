"""LearnHub measured against floors: the same work done by hand, in the same sitting (`make bench`)."""
