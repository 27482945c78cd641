"""A market day lived twice, by a pod that shares its time and by the same agents always on; what
each has used.
"""
