"""Two services under load while their processes, servers and connections die at random; then everything is compared."""
