"""Who holds the pod: the states, the switch, and the processes of the agents."""
