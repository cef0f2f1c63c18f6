"""Search: the second reader of the requirements, in arrays. It proposes; only the certificate decides."""
