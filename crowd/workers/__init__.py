"""Workers: who they are, what is known of how well they answer, and what follows from it."""
