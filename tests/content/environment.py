"""`python -m tests.content.environment`: the names of the variables that a child sees."""

import os
import sys

sys.stdout.write("\n".join(os.environ))
