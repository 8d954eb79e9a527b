"""The HTTP door: what may be asked (policy), how it is written (schemas), and one module of routes per resource."""
