"""quoth within other programs: a component of spaCy, and a server for assistants that speak the Model Context Protocol.

Each needs an extra (`quoth[spacy]`, `quoth[mcp]`) and imports it only when it is used.
"""
