"""From the tree to what a stack is made of: layers, zips, a template that names where they were put."""
