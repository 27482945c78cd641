"""The platform past one machine: seats, scaling and drains of thousands of users, driven by the
functions that the back end and the scheduler run; only cluster and people are simulated. Of
switches it counts those that the plan asks of the pods, and plays none.
"""
