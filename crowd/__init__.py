"""The rules: who gets which task, is the answer right, what does it earn. Knows no Telegram and no HTTP."""
