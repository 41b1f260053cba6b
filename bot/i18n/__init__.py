"""What the bot says, in every language it speaks: catalogs, negotiation, numbers, money, direction."""
