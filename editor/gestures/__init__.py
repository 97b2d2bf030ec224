"""What the mouse does on the canvas: one file a gesture, and the hands that choose among them."""
