"""What authors see while they write: one folder as pages, with keys and explanations, anew at every change."""
