"""`sendgrid`: SendGrid's branded links and what belongs to them, as resources of the engine."""
