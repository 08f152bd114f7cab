"""A repository of libraries on this machine that sends a jar slowly until it is told that somebody saw so."""

import http.server
import io
import os
import random
import shutil
import subprocess
import threading
import time
import zipfile

GROUP = "test.hydrocell.slow"
POM = "<project><modelVersion>4.0.0</modelVersion><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></project>"
SOURCE = """package slow;

/** Something to say. */
public class {0} {{
    /**
     * Says hello to somebody.
     *
     * @param whom is greeted
     */
    public static String hello(String whom) {{
        return "hello " + whom;
    }}
}}
"""


class SlowRepository:
    """Its version is another one each time, so that nothing of it is on this machine already."""

    def __init__(self, folder, javac):
        self.folder, self.javac = folder, javac
        self.version = f"1.{time.time_ns()}"
        self.files, self.asked, self.slow = {}, [], set()
        self.seen = threading.Event()
        repository = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                repository.answer(self)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, artifact, class_name, sources, padding=0):
        """A library of one class; the padding makes its jar larger."""
        path = f"/{GROUP.replace('.', '/')}/{artifact}/{self.version}/{artifact}-{self.version}"
        source = os.path.join(self.folder, "slow", class_name + ".java")
        os.makedirs(os.path.dirname(source), exist_ok=True)
        with open(source, "w") as file:
            file.write(SOURCE.format(class_name))
        subprocess.run([self.javac, "-proc:none", source], check=True)
        with open(source.replace(".java", ".class"), "rb") as file:
            content = {f"slow/{class_name}.class": file.read(), "padding": random.randbytes(padding)}
        self.files[path + ".jar"] = packed(content)
        self.files[path + ".pom"] = POM.format(GROUP, artifact, self.version).encode()
        if sources:
            self.files[path + "-sources.jar"] = packed({f"slow/{class_name}.java": SOURCE.format(class_name)})
        if padding:
            self.slow.add(path + ".jar")
        return f"{GROUP}:{artifact}:{self.version}"

    def answer(self, request):
        self.asked.append(request.path)
        content = self.files.get(request.path)
        request.send_response(404 if content is None else 200)
        request.send_header("Content-Length", str(len(content or b"")))
        request.end_headers()
        sent, content = 0, content or b""
        while request.path in self.slow and sent < len(content) // 2 and not self.seen.wait(0.05):
            request.wfile.write(content[sent : sent + 20_000])
            request.wfile.flush()
            sent += 20_000
        request.wfile.write(content[sent:])

    def times(self, artifact, ending):
        return sum(path.endswith(f"/{artifact}-{self.version}{ending}") for path in self.asked)

    def close(self, local):
        """Ends it, and takes what came from it out of this person's repository."""
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(local)


def packed(content):
    jar = io.BytesIO()
    with zipfile.ZipFile(jar, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return jar.getvalue()
