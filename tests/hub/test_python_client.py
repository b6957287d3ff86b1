#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Python client (huggingface_hub) and alkfw-fetch with one cache, in both directions; and the
Python client against the server of these tests, to prove that the server is a fair imitation."""
import concurrent.futures
import os
import shutil
import sys
import time

os.environ.pop("HF_HUB_OFFLINE", None)
os.environ |= {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
    os.environ.pop(name, None)
    os.environ.pop(name.lower(), None)
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"

try:
    import huggingface_hub
    from huggingface_hub import errors, hf_hub_download, snapshot_download, try_to_load_from_cache
    from huggingface_hub.file_download import _CACHED_NO_EXIST
    from huggingface_hub.utils import WeakFileLock
except ImportError:
    print(f"SKIP: {sys.executable} has no huggingface_hub (scripts/check makes .venv with it)")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(77)

import server
from support import SECRET, HubTest, main

PATTERNS = ["config.json", "tokenizer*.json", "special_tokens_map.json", "model*.safetensors*"]


def tree(folder):
    """What is below a folder: bytes of files, targets of links."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if os.path.islink(path):
                content = os.readlink(path)
            else:
                with open(path, "rb") as file:
                    content = file.read()
            found[os.path.relpath(path, folder)] = content
    return found


class ClientTest(HubTest):
    def python_snapshot(self, **keywords):
        keywords = {"cache_dir": self.cache, "endpoint": self.hub.endpoint} | keywords
        return snapshot_download("owner/model", allow_patterns=PATTERNS, **keywords)

    def python_file(self, file, repository="owner/model", **keywords):
        keywords = {"cache_dir": self.cache, "endpoint": self.hub.endpoint} | keywords
        return hf_hub_download(repository, file, **keywords)


class Server(ClientTest):
    """The real client takes the server for a Hub."""

    def test_download(self):
        path = self.python_snapshot()
        for name in os.listdir(path):
            with open(os.path.join(path, name), "rb") as file:
                self.assertEqual(file.read(), self.files[name])
        self.assertTrue(path.endswith(self.commit))
        self.check_cache()

    def test_token_goes_to_the_hub_only(self):
        self.repository.access = "private"
        self.python_file("model.safetensors", token=SECRET)
        authorizations = {request.authorization for request in self.requests("hub")}
        self.assertEqual(authorizations, {f"Bearer {SECRET}"})
        self.assertEqual({request.authorization for request in self.requests("cdn")}, {None})

    def test_errors(self):
        with self.assertRaises(errors.RepositoryNotFoundError):
            self.python_file("config.json", "owner/other")
        with self.assertRaises(errors.RevisionNotFoundError):
            self.python_file("config.json", revision="dev")
        with self.assertRaises(errors.EntryNotFoundError):
            self.python_file("gone.json")
        self.repository.access = "gated"
        with self.assertRaises(errors.GatedRepoError):
            self.python_file("config.json")

    def test_dropped_connection_is_tried_again(self):
        self.fault("cdn", "truncate", after=100_000, times=1)
        self.python_file("model.safetensors")
        self.assertEqual(len(self.requests("cdn")), 2)


class PythonFirst(ClientTest):
    """What Python has downloaded needs no request of ours."""

    def test_pinned(self):
        path = self.python_snapshot(revision=self.commit)
        self.hub.requests.clear()
        self.assertEqual(self.fetch(f"--revision={self.commit}", "owner/model"), path)
        self.assertEqual(self.requests(), [])

    def test_branch_offline_and_online(self):
        path = self.python_snapshot()
        self.hub.requests.clear()
        self.assertEqual(self.fetch(environment={"HF_HUB_OFFLINE": "1"}), path)
        self.assertEqual(self.requests(), [])
        self.assertEqual(self.fetch(), path)
        self.assertEqual({request.method for request in self.requests()}, {"HEAD"})

    def test_files_one_by_one(self):
        for name in ("config.json", "tokenizer.json", "model.safetensors"):
            path = self.python_file(name)
        self.hub.requests.clear()
        self.assertEqual(
            self.fetch(f"--revision={self.commit}", "owner/model"), os.path.dirname(path)
        )
        self.assertEqual(self.requests(), [])

    def test_missing_file(self):
        with self.assertRaises(errors.EntryNotFoundError):
            self.python_file("vocab.txt")
        self.hub.requests.clear()
        self.fail_fetch(25, "the cache knows", f"--revision={self.commit}", "owner/model", "vocab.txt")
        self.assertEqual(self.requests(), [])

    def test_shards(self):
        self.repository.commit(server.sharded_model())
        path = self.python_snapshot()
        self.hub.requests.clear()
        self.assertEqual(self.fetch(environment={"HF_HUB_OFFLINE": "1"}), path)
        self.assertEqual(self.requests(), [])


class AlkfwFirst(ClientTest):
    """What we have downloaded needs no request of Python's."""

    def test_snapshot(self):
        path = self.fetch()
        self.hub.close()
        self.assertEqual(self.python_snapshot(local_files_only=True), path)
        for name in os.listdir(path):
            self.assertEqual(
                self.python_file(name, local_files_only=True), os.path.join(path, name)
            )
            self.assertEqual(
                self.python_file(name, revision=self.commit), os.path.join(path, name)
            )

    def test_missing_file(self):
        self.fetch()
        self.hub.close()
        found = try_to_load_from_cache("owner/model", "special_tokens_map.json", self.cache)
        self.assertIs(found, _CACHED_NO_EXIST)

    def test_branch_is_revalidated_without_a_body(self):
        path = self.fetch()
        self.hub.requests.clear()
        self.assertEqual(self.python_file("model.safetensors"), os.path.join(path, "model.safetensors"))
        self.assertEqual({request.method for request in self.requests()}, {"HEAD"})

    def test_scan_of_the_cache_finds_nothing_wrong(self):
        self.fetch()
        info = huggingface_hub.scan_cache_dir(self.cache)
        self.assertEqual(info.warnings, [])
        (repository,) = info.repos
        self.assertEqual((repository.repo_id, repository.nb_files), ("owner/model", 4))
        (revision,) = repository.revisions
        self.assertEqual((revision.commit_hash, revision.refs), (self.commit, {"main"}))


class Both(ClientTest):
    def test_caches_are_the_same_byte_for_byte(self):
        self.files["special_tokens_map.json"] = b"{}"
        self.repository.commit(self.files)
        self.python_snapshot()
        python = tree(self.cache)
        shutil.rmtree(self.cache)
        self.fetch()
        ours = tree(self.cache)
        # Python keeps its list of the repository's files, which nothing reads that is cached.
        listing = [name for name in python if "/trees/" in name]
        self.assertEqual(len(listing), 1)
        del python[listing[0]]
        self.assertEqual(ours, python)

    def test_shards_too(self):
        self.repository.commit(server.sharded_model())
        self.python_snapshot()
        python = {name: data for name, data in tree(self.cache).items() if "/trees/" not in name}
        shutil.rmtree(self.cache)
        self.fetch()
        ours = {name: data for name, data in tree(self.cache).items() if "/.no_exist/" not in name}
        self.assertEqual(ours, python)

    def test_modes_of_files(self):
        self.python_snapshot()
        blob = os.stat(self.blob(self.weights_id)).st_mode
        locks = os.path.join(self.cache, ".locks", "models--owner--model")
        lock = os.stat(os.path.join(locks, f"{self.weights_id}.lock")).st_mode
        shutil.rmtree(self.cache)
        self.fetch()
        self.assertEqual(os.stat(self.blob(self.weights_id)).st_mode, blob)
        ours = os.stat(os.path.join(locks, f"{self.weights_id}.lock")).st_mode
        self.assertEqual(ours, lock)

    def test_lock_is_one_and_the_same(self):
        lock = os.path.join(self.cache, ".locks", "models--owner--model", f"{self.weights_id}.lock")
        os.makedirs(os.path.dirname(lock))
        with WeakFileLock(lock) as lock_taken:
            start = time.monotonic()
            with concurrent.futures.ThreadPoolExecutor() as pool:
                result = pool.submit(self.run_fetch, "owner/model")
                time.sleep(0.5)
                self.assertEqual(self.requests("cdn"), [])
                lock_taken.release()
                self.assertEqual(result.result().returncode, 0)
        self.assertGreater(time.monotonic() - start, 0.5)


if __name__ == "__main__":
    print(f"huggingface_hub {huggingface_hub.__version__}")
    main()
