"""Pictures drawn for the example batches: a camera, a sun or a flash, ground and things that stand on it.

World coordinates are metres: x to the right of the camera, y away from it, z up; the ground is z = 0. Everything random
comes from a generator that is handed in, so the same seed draws the same picture with the same versions of numpy and
Pillow on the same kind of processor.
"""
