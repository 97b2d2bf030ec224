"""What is written over the picture with Qt's painter: words, handles, rubber bands, the minimap."""
