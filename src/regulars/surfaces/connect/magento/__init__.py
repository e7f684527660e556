"""Adobe Commerce and Magento: how they sign, what an order tells, how a gap is closed, what a cart is
made cheaper by."""
