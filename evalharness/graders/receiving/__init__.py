"""What a server sends -> plain values within limits, or the reason why not.  Nothing here knows an SDK."""
