"""An edge that is recognised by what it answers, and cannot be declared: `answers.yaml` alone. It is invented."""
