"""Load for benchmarks: many sockets at a time, and a pod that has much to say."""
