"""The steps of schema `scheduler`, one file each, in order."""
