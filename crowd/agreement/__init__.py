"""How far the workers of a batch agree: Krippendorff's alpha, who says what where, and the tasks that divide them."""
