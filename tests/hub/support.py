# SPDX-License-Identifier: Apache-2.0
"""What the tests of alkfw-fetch share: a Hub of their own, an empty home, the program under test."""
import atexit
import concurrent.futures
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import server

# make check runs tests in the folder of the build.
BUILD = os.path.abspath(os.environ.get("ALKFW_BUILD", "."))
FETCHER = os.path.join(BUILD, "alkfw-fetch")
SECRET = server.GOOD_TOKEN


def resolve_blob(path):
    """The name of the blob that a link of a snapshot leads to."""
    return os.path.basename(os.readlink(path))


certificates_lock = threading.Lock()


def certificates():
    """Made once for all tests that want them."""
    with certificates_lock:
        return make_certificates()


@functools.cache
def make_certificates():
    folder = tempfile.mkdtemp(prefix="alkfw-hub-test.")
    atexit.register(shutil.rmtree, folder)
    return server.Certificates(folder)


class HubTest(unittest.TestCase):
    """Each test has its own server with owner/model, and its own empty cache."""

    tls = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="alkfw-hub-test.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.cache = os.path.join(self.folder, "cache")
        self.hub = server.Hub(self.tls)
        self.addCleanup(self.hub.close)
        self.files = server.small_model()
        self.repository = self.hub.repositories["owner/model"] = server.Repository()
        self.commit = self.repository.commit(self.files)
        self.weights = self.files["model.safetensors"]
        self.weights_id = server.sha256(self.weights)

    def environment(self, **more):
        """Nothing of the machine's own: no token, no proxy, no cache."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "HF_HUB_CACHE": self.cache,
            "HF_ENDPOINT": self.hub.endpoint,
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"):
            if name in os.environ:
                environment[name] = os.environ[name]
        environment |= more
        return {name: value for name, value in environment.items() if value is not None}

    def command(self, *arguments, retries=1):
        return [FETCHER, f"--retries={retries}", "--retry-delay=5", *arguments]

    def run_fetch(self, *arguments, retries=1, environment=None, **keywords):
        return subprocess.run(
            self.command(*arguments, retries=retries),
            env=self.environment(**(environment or {})),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **keywords,
        )

    def fetch(self, *arguments, **keywords):
        """Succeeds; returns the path that is printed."""
        result = self.run_fetch(*(arguments or ("owner/model",)), **keywords)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.endswith("\n"))
        self.check_cache()
        return result.stdout[:-1]

    def fail_fetch(self, status, message, *arguments, **keywords):
        """Ends with this status and this message, and leaves the cache right."""
        result = self.run_fetch(*(arguments or ("owner/model",)), **keywords)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr.splitlines()[-1], "^alkfw-fetch: .*" + message)
        self.assertNotIn(SECRET, result.stderr)
        self.check_cache()
        return result

    def fault(self, where, kind, file=None, **parameters):
        if where == "cdn" and file is None:
            file = self.weights_id
        self.hub.faults.append(server.Fault(where, kind, file, **parameters))

    def requests(self, role=None, method=None):
        return [
            request
            for request in self.hub.requests
            if role in (None, request.role) and method in (None, request.method)
        ]

    def blob(self, etag):
        return os.path.join(self.cache, "models--owner--model", "blobs", etag)

    def check_cache(self):
        """The cache never has a wrong file under a right name, nor a link to what is not whole."""
        for folder, _, names in os.walk(self.cache):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.basename(folder) == "blobs" and re.fullmatch("[0-9a-f]+", name):
                    with open(path, "rb") as file:
                        data = file.read()
                    right = server.sha256(data) if len(name) == 64 else server.blob_id(data)
                    self.assertEqual(name, right)
                if os.path.islink(path):
                    self.assertTrue(os.path.isfile(path), f"{path} leads nowhere")
                    self.assertTrue(os.readlink(path).startswith("../"), "the link is not relative")
                if f"{os.sep}refs{os.sep}" in path and not name.endswith(".tmp"):
                    with open(path, encoding="ascii") as file:
                        self.assertRegex(file.read(), "^[0-9a-f]{40}$")


def main():
    """Runs the tests that the command line names (all), several at a time: they mostly wait, and
    share nothing."""
    if not os.access(FETCHER, os.X_OK):
        sys.exit(f"{FETCHER} is not there: run in the folder of the build, or name it in ALKFW_BUILD")
    program = unittest.TestProgram(exit=False, testRunner=Runner)
    sys.exit(not program.result.wasSuccessful())


class Runner:
    def __init__(self, verbosity=1, **_):
        self.verbosity = verbosity

    def run(self, suite):
        total = unittest.TestResult()
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            for test, result in pool.map(self.run_one, self.tests_of(suite)):
                total.testsRun += 1
                total.failures += result.failures
                total.errors += result.errors
                total.skipped += result.skipped
                if self.verbosity > 1:
                    print(test.id(), "ok" if result.wasSuccessful() else "FAILED", flush=True)
        for test, text in total.failures + total.errors:
            print(f"FAILED {test.id()}\n{text}")
        for test, reason in total.skipped:
            print(f"SKIP: {test.id()}: {reason}")
        failed, skipped = len(total.failures) + len(total.errors), len(total.skipped)
        passed = total.testsRun - failed - skipped
        print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
        return total

    @staticmethod
    def run_one(test):
        result = unittest.TestResult()
        test.run(result)
        return test, result

    def tests_of(self, suite):
        for item in suite:
            if isinstance(item, unittest.TestSuite):
                yield from self.tests_of(item)
            else:
                yield item
