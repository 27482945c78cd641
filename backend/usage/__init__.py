"""What desks cost: recorded from the pods' reports, and shown to those who run the platform."""
