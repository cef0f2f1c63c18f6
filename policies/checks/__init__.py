"""What is checked in a policy: one file for each concern; `policies.check` puts them in order."""
