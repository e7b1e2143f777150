"""LearnHub: study, attendance and honest coverage for the Party members of a county."""
