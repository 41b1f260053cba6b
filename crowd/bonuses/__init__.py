"""What workers are paid beside their answers, out of pots that staff fill: thanks in money, for a reason in words."""
