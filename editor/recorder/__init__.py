"""Pictures and films of a circuit, drawn into memory exactly as the canvas draws them."""
