"""The local cluster: embedded stores, and every service as a supervised process."""
