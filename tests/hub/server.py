# SPDX-License-Identifier: Apache-2.0
"""A Hugging Face Hub on this machine for tests, with the host that it redirects large files to, and
a proxy. It behaves like the Hub (tests/hub/test_python_client.py runs the Hub's own client against
it), and misbehaves on command (Fault). Python's standard library only; binds to 127.0.0.0/8 only.

    server.py     serves a small model for looking at by hand
"""
import hashlib
import http.server
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import types
import urllib.parse

HUB_ADDRESS = "127.0.0.1"
CDN_ADDRESS = "127.0.0.2"  # another host than the Hub's, with its own certificate name

GOOD_TOKEN = "hf_this_is_a_secret"


def blob_id(data):
    """git's id of a file's bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def is_large(name):
    """What a repository's .gitattributes gives to LFS."""
    return name.endswith((".safetensors", ".bin"))


class Repository:
    """Files at commits, branches that name commits."""

    def __init__(self, access="public"):
        self.access = access  # "public", "private", "gated"
        self.commits = {}  # commit -> {file name: bytes}
        self.branches = {}  # name -> commit

    def commit(self, files, branch="main", commit=None):
        if commit is None:
            text = branch + json.dumps({name: sha256(data) for name, data in sorted(files.items())})
            commit = hashlib.sha1(text.encode()).hexdigest()
        self.commits[commit] = dict(files)
        self.branches[branch] = commit
        return commit


class Fault:
    """One way to misbehave, for the next `times` requests that it fits.

    where: "head" or "get" of a file on the Hub, "api", or "cdn" (the bytes of large files)
    file: only for this file name, or its sha256 on the CDN; None for all
    """

    def __init__(self, where, kind, file=None, times=10**9, **parameters):
        self.where = where
        self.kind = kind
        self.file = file
        self.times = times
        self.parameters = parameters


class Request(types.SimpleNamespace):
    """role, method, path, range, if_none_match, authorization, status; sent: bytes of the body."""


class Hub:
    """The servers. `tls` is a Certificates or None for plain http."""

    def __init__(self, tls=None, tls_hub=None):
        self.repositories = {}
        self.faults = []
        self.requests = []
        self.tokens = {GOOD_TOKEN}
        self.rate = None  # bytes a second of the CDN; None: as fast as it goes
        self.lock = threading.Lock()
        self.scheme = "https" if tls else "http"
        self.servers = []
        self.hub = self._serve(HubHandler, HUB_ADDRESS, tls_hub or (tls and tls.good))
        self.cdn = self._serve(CdnHandler, CDN_ADDRESS, tls and tls.good)
        self.endpoint = f"{self.scheme}://{HUB_ADDRESS}:{self.hub.server_port}"
        self.cdn_endpoint = f"{self.scheme}://{CDN_ADDRESS}:{self.cdn.server_port}"

    def _serve(self, handler, address, certificate):
        server = QuietServer((address, 0), handler)
        server.hub_state = self
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            # The handshake is the connection's thread's: a client that stalls blocks itself only.
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.servers.append(server)
        return server

    def close(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def take_fault(self, where, file):
        with self.lock:
            for fault in self.faults:
                if fault.where == where and fault.times > 0 and fault.file in (None, file):
                    fault.times -= 1
                    return fault
        return None

    def log(self, **values):
        request = Request(**values)
        with self.lock:
            self.requests.append(request)
        return request

    def find_large(self, digest):
        for repository in self.repositories.values():
            for files in repository.commits.values():
                for name, data in files.items():
                    if is_large(name) and sha256(data) == digest:
                        return data
        return None


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # clients that go away, or that do not like a certificate, are what is tested


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are written one after the other
    role = None

    @property
    def state(self):
        return self.server.hub_state

    def log_message(self, format, *args):
        pass

    def setup(self):
        self.request.settimeout(60)
        super().setup()

    def note(self, status, sent=0):
        """Before the answer is sent, so that a client that has it finds its request noted."""
        return self.state.log(
            role=self.role,
            method=self.command,
            path=self.path,
            range=self.headers.get("Range"),
            if_none_match=self.headers.get("If-None-Match"),
            authorization=self.headers.get("Authorization"),
            status=status,
            sent=sent,
        )

    def reply(self, status, headers=(), body=b""):
        self.note(status, 0 if self.command == "HEAD" else len(body))
        self.send_response(status)
        names = {name.lower() for name, _ in headers}
        if status != 304 and "content-length" not in names:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status, code, message):
        self.reply(
            status,
            [("X-Error-Code", code), ("X-Error-Message", message)] if code else [],
            json.dumps({"error": message}).encode(),
        )

    def misbehave(self, fault, headers=(), data=b""):
        """The faults that are the whole answer; False for those that change a right one."""
        kind, parameters = fault.kind, fault.parameters
        if kind == "status":
            self.reply(parameters["status"], list(parameters.get("headers", {}).items()), b"no\n")
        elif kind == "drop":
            self.note(0)
            self.close_connection = True
            self.connection.close()
        elif kind == "redirect":
            self.reply(302, [*headers, ("Location", parameters["to"])])
        elif kind == "loop":
            self.reply(302, [*headers, ("Location", self.path)])
        elif kind == "silence":
            self.note(0)
            time.sleep(parameters.get("seconds", 30))
        elif kind == "page":
            self.reply(200, [("Content-Type", "text/html")], b"<html>Log in to this network</html>")
        else:
            return False
        return True


class HubHandler(Handler):
    role = "hub"

    def do_HEAD(self):
        self.route()

    def do_GET(self):
        self.route()

    def route(self):
        address = urllib.parse.urlsplit(self.path)
        path = address.path
        if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/([^/]+))?", path):
            self.model_info(match[1], urllib.parse.unquote(match[2] or "main"))
        elif match := re.fullmatch(r"/api/models/([^/]+/[^/]+)/tree/([^/]+)", path):
            self.tree(match[1], urllib.parse.unquote(match[2]))
        elif match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self.resolve(match[1], *map(urllib.parse.unquote, match.group(2, 3)))
        elif match := re.fullmatch(r"/api/resolve-cache/models/([^/]+/[^/]+)/([0-9a-f]+)/(.+)", path):
            self.resolve(match[1], match[2], urllib.parse.unquote(match[3]), cached=True)
        else:
            self.error(404, None, "no such page")

    def find(self, name, revision):
        """The commit and its files; or None, and the error has been sent."""
        repository = self.state.repositories.get(name)
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        known = token in self.state.tokens
        if repository is None or (repository.access == "private" and not known):
            # The Hub does not tell strangers which private repositories there are.
            self.error(404 if known else 401, "RepoNotFound", "Repository not found")
            return None
        if repository.access == "gated" and not known:
            self.error(401, "GatedRepo", f"Access to model {name} is restricted")
            return None
        commit = repository.branches.get(revision, revision)
        if commit not in repository.commits:
            self.error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return commit, repository.commits[commit]

    def model_info(self, name, revision):
        fault = self.state.take_fault("api", None)
        if fault and self.misbehave(fault):
            return
        if (found := self.find(name, revision)) is None:
            return
        commit, files = found
        siblings = [{"rfilename": file} for file in sorted(files)]
        if fault and fault.kind == "names":
            siblings += [{"rfilename": file} for file in fault.parameters["names"]]
        info = {"_id": "0", "id": name, "modelId": name, "sha": commit, "siblings": siblings}
        info |= {"private": False, "tags": [], "downloads": 0, "likes": 0}
        body = json.dumps(info).encode()
        self.reply(200, [("Content-Type", "application/json")], body)

    def tree(self, name, revision):
        if (found := self.find(name, revision)) is None:
            return
        entries = []
        for path, data in sorted(found[1].items()):
            entry = {"type": "file", "path": path, "size": len(data), "oid": blob_id(data)}
            if is_large(path):
                entry["lfs"] = {"oid": sha256(data), "size": len(data), "pointerSize": 134}
            entries.append(entry)
        self.reply(200, [("Content-Type", "application/json")], json.dumps(entries).encode())

    def resolve(self, name, revision, file, cached=False):
        if (found := self.find(name, revision)) is None:
            return
        commit, files = found
        headers = [("X-Repo-Commit", commit)]
        if file not in files:
            headers += [("X-Error-Code", "EntryNotFound"), ("X-Error-Message", "Entry not found")]
            self.reply(404, headers, b"Entry not found")
            return
        data = files[file]
        fault = self.state.take_fault("head" if self.command == "HEAD" else "get", file)
        if fault and fault.kind == "headers":
            headers = [item for item in headers if item[0] not in fault.parameters["without"]]
        if is_large(file):
            self.resolve_large(data, headers, fault)
        elif cached:
            self.small(data, headers, fault)
        else:
            # The Hub answers small files through a cache of its own, on the same host.
            if fault and fault.kind != "headers" and self.misbehave(fault, headers, data):
                return
            if fault and fault.kind not in ("headers",):
                with self.state.lock:
                    fault.times += 1  # meant for the request that has the body
            target = f"/api/resolve-cache/models/{name}/{commit}/{urllib.parse.quote(file)}"
            self.reply(307, [*headers, ("Location", target), ("X-Linked-Etag", self.etag(data))])

    def etag(self, data):
        return f'"{blob_id(data)}"'

    def small(self, data, headers, fault):
        etag = self.etag(data)
        if fault and fault.kind == "etag":
            etag = fault.parameters["etag"]
        headers = [*headers, ("ETag", etag)]
        if self.headers.get("If-None-Match") == etag:
            self.reply(304, headers)
            return
        if fault and self.misbehave(fault, headers, data):
            return
        if fault and fault.kind == "corrupt":
            data = data[:-1] + bytes([data[-1] ^ 1])
        self.reply(200, headers, data)

    def resolve_large(self, data, headers, fault):
        digest = sha256(data)
        if fault and fault.kind == "etag":
            digest = fault.parameters["etag"]
        size = len(data)
        if fault and fault.kind == "size":
            size = fault.parameters["size"]
        headers = [*headers, ("X-Linked-Etag", f'"{digest}"'), ("X-Linked-Size", str(size))]
        if fault and fault.kind == "headers":
            headers = [item for item in headers if item[0] not in fault.parameters["without"]]
        if fault and self.misbehave(fault, headers, data):
            return
        to = f"{self.state.cdn_endpoint}/{sha256(data)}?signature=abc"
        self.reply(302, [*headers, ("Location", to)], b"Found. Redirecting to the file")


class CdnHandler(Handler):
    role = "cdn"

    def do_HEAD(self):
        self.serve()

    def do_GET(self):
        self.serve()

    def serve(self):
        address = urllib.parse.urlsplit(self.path)
        digest = address.path.strip("/")
        if address.query != "signature=abc":
            self.error(403, None, "the signature is missing")
            return
        if self.headers.get("Authorization"):
            # What object stores do with a signed address and a token: a leak would not go unseen.
            self.error(400, None, "only one way of authorization")
            return
        data = self.state.find_large(digest)
        if data is None:
            self.error(404, None, "no such file")
            return
        fault = self.state.take_fault("cdn", digest)
        if fault and self.misbehave(fault):
            return
        self.send_data(data, fault)

    def send_data(self, data, fault):
        kind = fault.kind if fault else None
        parameters = fault.parameters if fault else {}
        etag = f'"{hashlib.md5(data).hexdigest()}"'
        if "etags" in parameters:  # a new one for each request
            etag = f'"{time.monotonic_ns()}"'
        size = len(data)
        first, status = 0, 200
        wants = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if_range = self.headers.get("If-Range")
        if wants and (if_range in (None, etag) or "etags" in parameters) and kind != "ignore_range":
            first, status = int(wants[1]), 206
            if first >= size:
                self.reply(416, [("Content-Range", f"bytes */{size}")])
                return
        headers = [("ETag", etag), ("Accept-Ranges", "bytes")]
        if status == 206:
            shift = parameters.get("shift", 0)
            headers.append(("Content-Range", f"bytes {first + shift}-{size - 1}/{size}"))
        if kind == "encoding":
            headers.append(("Content-Encoding", "gzip"))
        body = data[first:]
        if kind == "corrupt":
            body = body[:-1] + bytes([body[-1] ^ 1])
        if kind == "longer":
            body += b"x" * parameters["by"]
        if kind == "length":
            body = body[: parameters["length"]]
        self.send_body(status, headers, body, fault)

    def send_body(self, status, headers, body, fault):
        kind = fault.kind if fault else None
        parameters = fault.parameters if fault else {}
        self.noted = self.note(status)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        chunked = kind == "longer"
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        limit = parameters.get("after", len(body)) if kind in ("truncate", "stall") else len(body)
        try:
            if kind == "drip":
                self.drip(body)
            elif chunked:
                self.send(b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n")
            else:
                self.send_slowly(body[:limit])
        except OSError:
            self.close_connection = True
        if kind == "stall":
            time.sleep(parameters.get("seconds", 30))
        if limit < len(body):
            self.close_connection = True

    def send(self, data):
        self.noted.sent += len(data)
        self.wfile.write(data)
        self.wfile.flush()

    def drip(self, body):
        for byte in body[:60]:
            self.send(bytes([byte]))
            time.sleep(1)

    def send_slowly(self, body):
        if self.state.rate is None:
            self.send(body)
            return
        step = max(1, self.state.rate // 50)
        for at in range(0, len(body), step):
            self.send(body[at : at + step])
            time.sleep(0.02)


class Proxy:
    """An HTTP proxy that knows CONNECT. connections: what it was asked for, with the headers."""

    def __init__(self):
        self.connections = []
        self.socket = socket.create_server((HUB_ADDRESS, 0))
        self.address = f"http://{HUB_ADDRESS}:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head and (more := client.recv(4096)):
            head += more
        self.connections.append(head.decode("latin-1"))
        if not head.startswith(b"CONNECT "):
            client.close()
            return
        host, port = head.split()[1].decode().rsplit(":", 1)
        with client, socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    @staticmethod
    def _pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.socket.close()


class Certificates:
    """Made with the openssl command: an authority, `good` that it has signed, and `bad` (nobody has),
    `wrong_name` (signed, for another host). Each is (certificate file, key file)."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = os.path.join(folder, "authority.pem")
        self._openssl(
            *"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(),
            *("-subj", "/CN=Authority of the tests", "-addext", "basicConstraints=critical,CA:TRUE"),
            *("-keyout", "authority.key", "-out", "authority.pem"),
        )
        names = f"IP:{HUB_ADDRESS},IP:{CDN_ADDRESS},DNS:localhost"
        self.good = self._signed("good", names)
        self.wrong_name = self._signed("wrong_name", "DNS:elsewhere.example")
        self._openssl(
            *"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(),
            *("-subj", "/CN=localhost", "-addext", f"subjectAltName={names}"),
            *("-keyout", "bad.key", "-out", "bad.pem"),
        )
        self.bad = (os.path.join(folder, "bad.pem"), os.path.join(folder, "bad.key"))

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def _signed(self, name, alternative_names):
        self._openssl(
            *"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(),
            *("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        with open(os.path.join(self.folder, f"{name}.ext"), "w", encoding="ascii") as extensions:
            extensions.write(f"subjectAltName={alternative_names}\n")
        self._openssl(
            *f"x509 -req -in {name}.csr -CA authority.pem -CAkey authority.key".split(),
            *f"-CAcreateserial -days 2 -extfile {name}.ext -out {name}.pem".split(),
        )
        return tuple(os.path.join(self.folder, f"{name}.{end}") for end in ("pem", "key"))


def small_model(seed=b"", weights_size=300_000):
    """A repository's files: what alkfw reads, and what it must leave alone."""
    weights = hashlib.shake_128(b"weights" + seed).digest(weights_size)
    return {
        "config.json": b'{"model_type": "bert"}\n',
        "tokenizer.json": b'{"version": "1.0"}\n',
        "tokenizer_config.json": b"{}\n",
        "model.safetensors": weights,
        "pytorch_model.bin": b"pickle" * 100,
        "README.md": b"# A model\n",
        "onnx/model.onnx": b"onnx",
        "onnx/model.safetensors": b"not this one",
        "1_Pooling/config.json": b"{}",
    }


def sharded_model():
    files = small_model()
    weights = files.pop("model.safetensors")
    names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    files[names[0]], files[names[1]] = weights[:100_000], weights[100_000:]
    files["unused.safetensors"] = b"no shard"
    index = {"metadata": {}, "weight_map": {"b": names[1], "a": names[0], "c": names[1]}}
    files["model.safetensors.index.json"] = json.dumps(index).encode()
    return files


def main():
    hub = Hub()
    repository = hub.repositories["owner/model"] = Repository()
    print(f"export HF_ENDPOINT={hub.endpoint}")
    print(f"# owner/model@{repository.commit(small_model())}; end with Ctrl-C", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
