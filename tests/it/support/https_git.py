"""A Git server over https on 127.0.0.1 that wants a name and a token. Arguments: folder, certificate, token.

Prints its port, then a line for every request: the name that was given (or -), the answer, and the path.
"""
import base64, http.server, os, ssl, subprocess, sys

root, certificate, token = sys.argv[1:4]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def name(self):
        kind, _, word = self.headers.get("Authorization", "").partition(" ")
        name, _, given = base64.b64decode(word).decode().partition(":") if kind == "Basic" else ("", "", "")
        return name if given == token else None

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        name = self.name()
        print(name or "-", 200 if name else 401, self.path, flush=True)
        if not name:
            self.reply(401, {"WWW-Authenticate": 'Basic realm="test"'}, b"")
            return
        path, _, query = self.path.partition("?")
        environment = dict(
            PATH=os.environ["PATH"], GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path,
            QUERY_STRING=query, REQUEST_METHOD=self.command, CONTENT_LENGTH=str(len(body)),
            CONTENT_TYPE=self.headers.get("Content-Type", ""), REMOTE_USER=name, HOME=root,
            GIT_PROTOCOL=self.headers.get("Git-Protocol", ""), HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""),
            GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*",
        )
        done = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=environment)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.reply(int(headers.pop("Status", "200 OK").split()[0]), headers, content)

    def reply(self, status, headers, content):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
