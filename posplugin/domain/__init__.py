"""What a till and an accountant talk about: sales, payments, customers, documents. Pure values, no I/O."""
