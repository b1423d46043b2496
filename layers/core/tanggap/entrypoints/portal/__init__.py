"""The JSON API of CONTRACT.md: Chalice knows the routes, API Gateway only the areas."""
