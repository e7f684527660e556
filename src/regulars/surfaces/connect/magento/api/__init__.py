"""How a Magento shop is asked by its REST API: in whose name, and what its refusals say."""
