"""Random schedules of faults on the local cluster, judged by the history checker."""
