"""Version 4 of AWS's signatures, computed from what arrived."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from tests.r2.refusals import Refusal

# As R2 has them: both are other names of `auto`.
REGIONS = {"auto", "us-east-1"}
UNSIGNED = "UNSIGNED-PAYLOAD"
_ALGORITHM = "AWS4-HMAC-SHA256"
_LARGEST_SKEW = timedelta(minutes=15)
_ALWAYS_SIGNED = {"host", "x-amz-date", "x-amz-content-sha256"}


@dataclass(frozen=True)
class Signed:
    """What a signature is made of; `headers` have names in small letters."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    names: tuple[str, ...]
    region: str

    def signature(self, secret: str) -> str:
        day = self.headers["x-amz-date"][:8]
        scope = f"{day}/{self.region}/s3/aws4_request"
        request = hashlib.sha256(self._canonical().encode()).hexdigest()
        text = "\n".join([_ALGORITHM, self.headers["x-amz-date"], scope, request])
        key = f"AWS4{secret}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()

    def _canonical(self) -> str:
        pairs = sorted(
            (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
            for name, value in parse_qsl(self.query, keep_blank_values=True)
        )
        query = "&".join(f"{name}={value}" for name, value in pairs)
        headers = [f"{name}:{' '.join(self.headers[name].split())}" for name in self.names]
        signed = ";".join(self.names)
        payload = self.headers["x-amz-content-sha256"]
        return "\n".join([self.method, self.path, query, *headers, "", signed, payload])


def check(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    keys: Mapping[str, str],
) -> None:
    """Raises Refusal."""
    key, region, names, given = _parsed(headers.get("authorization", ""))
    if region not in REGIONS:
        raise Refusal(400, "InvalidRegionName", f"The region name '{region}' is not valid.")
    if key not in keys:
        raise Refusal(401, "Unauthorized", "Unauthorized")
    sent = {name for name in headers if name.startswith("x-amz-")} | _ALWAYS_SIGNED
    if not sent <= set(names) <= headers.keys():
        raise Refusal(403, "AccessDenied", "There were headers present which were not signed.")
    _check_age(headers["x-amz-date"])
    expected = Signed(method, path, query, headers, names, region).signature(keys[key])
    if not hmac.compare_digest(expected, given):
        raise Refusal(403, "SignatureDoesNotMatch", "The request signature does not match.")
    _check_payload(headers["x-amz-content-sha256"], body)


def _parsed(authorization: str) -> tuple[str, str, tuple[str, ...], str]:
    algorithm, _, rest = authorization.partition(" ")
    fields: dict[str, str] = {}
    for part in rest.split(","):
        name, _, value = part.strip().partition("=")
        fields[name] = value
    scope = fields.get("Credential", "").split("/")
    if algorithm != _ALGORITHM or len(scope) != 5 or scope[3:] != ["s3", "aws4_request"]:
        raise Refusal(400, "InvalidArgument", "Authorization")
    names = tuple(fields.get("SignedHeaders", "").split(";"))
    return scope[0], scope[2], names, fields.get("Signature", "")


def _check_age(stamp: str) -> None:
    sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(datetime.now(UTC) - sent) > _LARGEST_SKEW:
        raise Refusal(403, "RequestTimeTooSkewed", "The difference is too large.")


def _check_payload(declared: str, body: bytes) -> None:
    if declared not in {UNSIGNED, hashlib.sha256(body).hexdigest()}:
        raise Refusal(400, "XAmzContentSHA256Mismatch", "The payload has another sum.")
