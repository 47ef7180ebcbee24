"""What can be wrong with a release. Each module is one fault, and takes effect when it is imported:
a variant's image imports it in every process of Python, before the platform's own code."""
