"""The palette: everything that can be placed or attached, as cards made from the declarations."""
