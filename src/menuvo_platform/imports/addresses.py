import uuid


def file_key(merchant_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """Where the uploaded file is; never public."""
    return f"imports/{merchant_id}/{import_id}"
