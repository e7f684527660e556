"""Adobe Commerce and Magento: how they sign, what an order tells, how a gap is closed, and what a
cart is made cheaper by."""
