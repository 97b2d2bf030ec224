"""The canvas: the drawing of a circuit, from single synapses to a million of them."""
