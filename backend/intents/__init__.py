"""What chat prepares for a person to confirm. Nothing is done before, and everything is checked
again then, by the functions that the ordinary routes use.
"""
