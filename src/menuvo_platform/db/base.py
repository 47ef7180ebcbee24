"""What every table shares."""

import uuid
from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import BigInteger, DateTime, LargeBinary, MetaData, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, mapped_column

from menuvo_platform.ids import new_id
from menuvo_platform.translated import Translated


class Base(DeclarativeBase):
    """Columns are text, bigint, timestamptz and jsonb only: changing such a type is never needed,
    and a changed type would break the prepared statements of the release still running."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text(),
        int: BigInteger(),
        bytes: LargeBinary(),
        datetime: DateTime(timezone=True),
        uuid.UUID: UUID(as_uuid=True),
        Translated: JSONB(),
        list[str]: ARRAY(Text()),
    }


Key = Annotated[uuid.UUID, mapped_column(primary_key=True, default=new_id)]
CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]
Version = Annotated[int, mapped_column(server_default="1")]
Flag = Annotated[bool, mapped_column(server_default="false")]
