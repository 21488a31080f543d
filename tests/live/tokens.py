# SPDX-License-Identifier: BSD-2-Clause
"""OAuth 2.0 access tokens that Dovecot judges by itself: JWTs signed with a key of the run."""

import base64
import hashlib
import hmac
import json
import os
import time

DOVECOT = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=/etc/dovecot/keys/
username_attribute = email
"""


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class Tokens:
    """Issues tokens, and furnishes a server with what it judges them by."""

    def __init__(self, server):
        self.secret = os.urandom(32)
        server.write("/etc/dovecot/oauth2.conf", DOVECOT)
        server.write("/etc/dovecot/keys/default/HS256/default", base64.b64encode(self.secret),
                     "dovecot", 0o600)

    def issue(self, user, lifetime):
        """An access token for user, valid for lifetime seconds (expired when negative)."""
        now = int(time.time())
        parts = [_base64url(json.dumps(part).encode()) for part in (
            {"alg": "HS256", "typ": "JWT"},
            {"email": user, "sub": user, "iat": now - 10, "exp": now + lifetime})]
        signed = b".".join(parts)
        mac = hmac.new(self.secret, signed, hashlib.sha256).digest()
        return (signed + b"." + _base64url(mac)).decode()
