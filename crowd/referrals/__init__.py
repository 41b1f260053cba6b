"""Workers invite others by a link: the first good answers of somebody new pay who invited them, out of a pot."""
