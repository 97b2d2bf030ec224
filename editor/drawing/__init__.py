"""What a card, a brush or a paste makes of the circuit: edits of what is drawn, and what is drawn next."""
