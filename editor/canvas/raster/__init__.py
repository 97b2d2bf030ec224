"""The rasteriser: numba kernels that draw strokes, discs and glows straight into a picture.

A picture is a C-contiguous uint32 array (height, width) of 0xFFRRGGBB.  Every kernel releases the
interpreter lock, draws only the rows from `top` up to `bottom` (so that threads can share a picture
in bands, and any division into bands gives the same pixels) and uses no fastmath: equal input,
equal pixels.
"""
