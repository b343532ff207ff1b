"""What the benchmark listens to: pairs with a ground truth, signals made for a purpose, recorded music."""
