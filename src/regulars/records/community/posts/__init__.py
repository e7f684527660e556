"""Reviews and stories that members write."""
