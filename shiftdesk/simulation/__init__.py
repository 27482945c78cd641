"""The platform past one machine: seats, scaling, drains and switches of thousands of users, driven
by the functions that the back end and the scheduler run; only cluster and people are simulated.
"""
