"""One file for each thing a worker does. A handler calls one function of `crowd` and shows a screen."""
