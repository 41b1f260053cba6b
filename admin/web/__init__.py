"""The requester's panel: pages made on the server, with a little script that keeps them fresh."""
