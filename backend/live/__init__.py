"""The live socket: frames of desks, pods and the market, to browsers."""
