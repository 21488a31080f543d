# SPDX-License-Identifier: BSD-2-Clause
"""A token endpoint (RFC 6749) over HTTPS on loopback, good and bad: the path of the URL says how it behaves.

Endpoint(certificate, key, issue) issues what `issue(form)` returns. It keeps every request in `requests` as (path, form, headers).
Whoever rotates refresh tokens takes each of them once.
"""

import base64
import contextlib
import http.server
import json
import ssl
import threading
import time
import urllib.parse

CLIENT, SECRET = "mail-probe/1", "s3cr3t client+secret/~&="
FIRST_REFRESH = "refresh-token-0-RWEdRGBtWA"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        path = self.path.split("?")[0]
        endpoint = self.server.endpoint
        with endpoint.lock:
            endpoint.requests.append((path, form, dict(self.headers)))
        getattr(self, "on_" + path[1:].replace("-", "_"), self.on_missing)(form)

    def answer(self, status, content, kind="application/json", **fields):
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(content), "Cache-Control": "no-store",
                            **fields}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(content)

    def error(self, status, code, description=None):
        self.answer(status, {"error": code, **({"error_description": description} if description else {})})

    def client(self, form):
        """Whether the client has shown who it is, in the body or in the header, but not in both."""
        pair = (form.get("client_id"), form.get("client_secret"))
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic ") and pair == (None, None):
            pair = tuple(urllib.parse.unquote_plus(part)
                         for part in base64.b64decode(basic[6:]).decode().split(":"))
        elif basic:
            return False
        return pair == (CLIENT, SECRET) or (pair == (CLIENT, None) and form["grant_type"] == "refresh_token")

    def good(self, form, **more):
        if not self.client(form):
            return self.error(401, "invalid_client")
        fields = {"access_token": self.server.endpoint.issue(form), "token_type": "Bearer", "expires_in": 3600, **more}
        return self.answer(200, {name: value for name, value in fields.items() if value is not None})

    def on_token(self, form):
        self.good(form)

    def on_late(self, form):
        """Late enough for others to queue up behind it."""
        time.sleep(1)
        self.good(form)

    def on_lower_case(self, form):
        self.good(form, token_type="bearer", expires_in="3600")

    def on_short(self, form):
        self.good(form, expires_in=30)

    def on_no_expires_in(self, form):
        self.good(form, expires_in=None)

    def on_rotating(self, form):
        endpoint = self.server.endpoint
        with endpoint.lock:
            if form.get("refresh_token") != endpoint.refresh:
                endpoint.reused += 1
                return self.error(400, "invalid_grant", "the refresh token was used before")
            endpoint.rotations += 1
            endpoint.refresh = f"refresh-token-{endpoint.rotations}-RWEdRGBtWA"
        return self.good(form, refresh_token=endpoint.refresh, expires_in=endpoint.life)

    def on_refreshing(self, form):
        if form.get("refresh_token") != FIRST_REFRESH:
            return self.error(400, "invalid_grant")
        return self.good(form)

    def on_mac(self, form):
        self.good(form, token_type="mac")

    def on_no_token(self, form):
        self.good(form, access_token=None)

    def on_bad_token(self, form):
        self.good(form, access_token="a\x01b c")

    def on_wrong_token(self, form):
        self.good(form, access_token="nobody-takes-this-token")

    def on_invalid_client(self, form):
        self.error(400, "invalid_client", "no such client, or not with " + form.get("client_secret", ""))

    def on_unauthorized(self, _form):
        self.answer(401, {"error": "invalid_client"}, WWW_Authenticate='Basic realm="x"')

    def on_hostile_code(self, _form):
        self.error(400, "OK | time=0\n\x1b[31m")

    def on_broken(self, _form):
        self.answer(500, b"<html>oops</html>", "text/html")

    def on_error_with_200(self, _form):
        self.error(200, "temporarily_unavailable")

    def on_garbage(self, _form):
        self.answer(200, b"\x00\xff not JSON", "application/json")

    def on_redirect(self, _form):
        self.answer(307, {}, Location=self.server.endpoint.url("token"))

    def on_huge(self, _form):
        self.answer(200, b'{"access_token":"' + b"x" * 100000 + b'"}')

    def on_endless(self, _form):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"1000\r\n" + b" " * 4096 + b"\r\n")

    def on_fields(self, _form):
        self.send_response(200)
        self.flush_headers()
        with contextlib.suppress(OSError):
            for number in range(100000):
                self.wfile.write(b"X-Field-%d: x\r\n" % number)

    def on_cut(self, _form):
        """Announces more than it sends."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"{")
        self.close_connection = True

    def on_no_end(self, form):
        """Neither a length nor TLS's close_notify says that this is all of it."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(json.dumps({"access_token": self.server.endpoint.issue(form), "token_type": "Bearer"}).encode())
        self.close_connection = True

    def on_slow(self, _form):
        self.server.endpoint.stop.wait(30)

    def on_drip(self, _form):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.server.endpoint.stop.wait(0.05):
                self.wfile.write(b" ")

    def on_missing(self, _form):
        self.answer(404, b"nothing here", "text/plain")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def get_request(self):
        plain, address = self.socket.accept()
        plain.settimeout(60)
        # The handshake belongs to the connection's thread, or one would hold up all.
        return self.endpoint.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *_):
        pass


class Endpoint:
    def __init__(self, certificate, key, issue, host="localhost"):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.issue = issue
        self.host = host
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.requests = []
        self.refresh, self.rotations, self.reused, self.life = FIRST_REFRESH, 0, 0, 3600
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.endpoint = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"https://{self.host}:{self.server.server_port}/{path}"

    def close(self):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()
