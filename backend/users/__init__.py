"""The accounts of an organisation, as operators see and disable them. Provisioning makes them."""
