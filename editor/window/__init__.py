"""The window itself: what stands where in it, its menus and keys, and how it is dressed."""
