"""What runs the pods: the local cluster or Kubernetes, behind one port."""
