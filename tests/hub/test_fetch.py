#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""alkfw-fetch against a Hub on this machine that behaves, and one that does not."""
import concurrent.futures
import fcntl
import os
import pty
import random
import re
import resource
import select
import shutil
import signal
import struct
import subprocess
import termios
import time

import server
from support import FETCHER, SECRET, HubTest, certificates, main, resolve_blob

N_KILLS = int(os.environ.get("HUB_KILLS", "10"))


class Cache(HubTest):
    def test_layout_is_that_of_the_python_client(self):
        path = self.fetch()
        top = os.path.join(self.cache, "models--owner--model")
        self.assertEqual(path, os.path.join(top, "snapshots", self.commit))
        self.assertEqual(
            sorted(os.listdir(path)),
            ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
        )
        for name in os.listdir(path):
            data = self.files[name]
            etag = self.weights_id if name == "model.safetensors" else server.blob_id(data)
            self.assertEqual(os.readlink(os.path.join(path, name)), f"../../blobs/{etag}")
            with open(os.path.join(path, name), "rb") as file:
                self.assertEqual(file.read(), data)
        with open(os.path.join(top, "refs", "main"), encoding="ascii") as ref:
            self.assertEqual(ref.read(), self.commit)
        missing = os.path.join(top, ".no_exist", self.commit)
        self.assertEqual(os.listdir(missing), ["special_tokens_map.json"])
        locks = os.listdir(os.path.join(self.cache, ".locks", "models--owner--model"))
        self.assertIn(f"{self.weights_id}.lock", locks)
        self.assertIn("CACHEDIR.TAG", os.listdir(self.cache))
        self.assertFalse([name for name in os.listdir(os.path.join(top, "blobs")) if "." in name])

    def test_pinned_commit_costs_no_request_the_second_time(self):
        first = self.fetch(f"--revision={self.commit}", "owner/model")
        self.assertGreater(len(self.requests()), 0)
        self.assertFalse(os.path.exists(os.path.join(self.cache, "models--owner--model", "refs")))
        self.hub.requests.clear()
        self.assertEqual(self.fetch(f"--revision={self.commit}", "owner/model"), first)
        self.assertEqual(self.requests(), [])

    def test_branch_is_revalidated_without_a_body(self):
        self.fetch()
        self.hub.requests.clear()
        self.fetch()
        self.assertEqual({request.method for request in self.requests()}, {"HEAD"})
        self.assertEqual(self.requests()[-1].status, 304)
        self.assertEqual(sum(request.sent for request in self.requests()), 0)

    def test_moved_branch_brings_only_what_has_changed(self):
        old = self.fetch()
        self.files["tokenizer.json"] = b'{"version": "2.0"}\n'
        commit = self.repository.commit(self.files)
        self.hub.requests.clear()
        new = self.fetch()
        self.assertNotEqual(old, new)
        self.assertTrue(new.endswith(commit))
        self.assertEqual(self.requests("cdn"), [])
        bodies = [request.path for request in self.requests("hub", "GET") if request.status == 200]
        self.assertEqual(len(bodies), 2, bodies)  # the list of files, and tokenizer.json

    def test_moved_branch_is_seen_behind_a_cache_that_knows_no_commits(self):
        self.fetch()
        self.files["tokenizer.json"] = b'{"version": "2.0"}\n'
        commit = self.repository.commit(self.files)
        self.fault("head", "headers", "config.json", without=["X-Repo-Commit"], times=1)
        self.assertTrue(self.fetch().endswith(commit))

    def test_branch_is_used_as_it_is_when_the_hub_is_down(self):
        path = self.fetch()
        self.hub.close()
        result = self.run_fetch("owner/model")
        self.assertEqual((result.returncode, result.stdout), (0, path + "\n"))
        self.assertRegex(result.stderr, "warning: .*using what the cache has for main")

    def test_single_files_and_files_in_folders(self):
        path = self.fetch("owner/model", "1_Pooling/config.json", "config.json")
        link = os.path.join(path, "1_Pooling", "config.json")
        self.assertTrue(os.readlink(link).startswith("../../../blobs/"))
        self.assertFalse(os.path.exists(os.path.join(path, "tokenizer.json")))
        self.hub.requests.clear()
        self.fetch(f"--revision={self.commit}", "owner/model", "1_Pooling/config.json")
        self.assertEqual(self.requests(), [])

    def test_shards_of_an_index(self):
        self.repository.commit(server.sharded_model())
        path = self.fetch()
        names = [name for name in os.listdir(path) if "safetensors" in name]
        self.assertEqual(
            sorted(names),
            [
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
                "model.safetensors.index.json",
            ],
        )
        self.hub.requests.clear()
        self.fetch(f"--revision={os.path.basename(path)}", "owner/model")
        self.assertEqual(self.requests(), [])

    def test_index_that_names_pickle_is_refused(self):
        files = server.sharded_model()
        files["model.safetensors.index.json"] = b'{"weight_map": {"a": "pytorch_model.bin"}}'
        self.repository.commit(files)
        self.fail_fetch(41, "not a name that can be used")

    def test_missing_file_is_remembered(self):
        self.fail_fetch(25, "no such file", "owner/model", "vocab.txt")
        self.hub.requests.clear()
        self.fail_fetch(25, "the cache knows", f"--revision={self.commit}", "owner/model", "vocab.txt")
        self.assertEqual(self.requests(), [])

    def test_link_to_another_blob_is_replaced(self):
        path = self.fetch()
        link = os.path.join(path, "config.json")
        os.unlink(link)
        os.symlink("../../blobs/gone", link)
        self.fetch(f"--revision={self.commit}", "owner/model")
        self.assertEqual(resolve_blob(link), server.blob_id(self.files["config.json"]))

    def test_read_only_cache_that_is_complete_will_do(self):
        path = self.fetch()
        subprocess.run(["chmod", "-R", "a-w", self.cache], check=True)
        self.addCleanup(subprocess.run, ["chmod", "-R", "u+w", self.cache], check=True)
        self.assertEqual(self.fetch(), path)

    def test_two_processes_download_once(self):
        self.hub.rate = 600_000
        with concurrent.futures.ThreadPoolExecutor() as pool:
            results = list(pool.map(lambda _: self.run_fetch("owner/model"), range(3)))
        for result in results:
            self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(self.requests("cdn", "GET")), 1)
        self.assertIn("waiting for another process", "".join(r.stderr for r in results))

    def test_lock_of_the_python_client_is_waited_for(self):
        lock = os.path.join(self.cache, ".locks", "models--owner--model", f"{self.weights_id}.lock")
        os.makedirs(os.path.dirname(lock))
        with open(lock, "w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # as the package filelock does
            with subprocess.Popen(
                self.command("owner/model"),
                env=self.environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                self.assertIn("waiting for another process", process.stderr.readline())
                self.assertEqual(self.requests("cdn"), [])
                fcntl.flock(file, fcntl.LOCK_UN)
                process.stderr.read()
        self.assertEqual(process.returncode, 0)
        self.assertEqual(len(self.requests("cdn")), 1)


class Export(HubTest):
    def test_plain_files(self):
        to = os.path.join(self.folder, "new", "minilm")
        path = self.fetch(f"--to={to}", "owner/model")
        self.assertEqual(path, to)
        self.assertEqual(len(os.listdir(to)), 4)
        for name in os.listdir(to):
            self.assertFalse(os.path.islink(os.path.join(to, name)))
            with open(os.path.join(to, name), "rb") as file:
                self.assertEqual(file.read(), self.files[name])

    def test_shards_and_the_second_time_without_a_request(self):
        commit = self.repository.commit(server.sharded_model())
        to = os.path.join(self.folder, "to")
        self.fetch(f"--revision={commit}", "owner/model")
        self.hub.requests.clear()
        self.fetch(f"--revision={commit}", f"--to={to}", "owner/model")
        self.assertEqual(self.requests(), [])
        self.assertEqual(len(os.listdir(to)), 6)

    def test_single_file(self):
        to = os.path.join(self.folder, "to")
        self.fetch(f"--to={to}", "owner/model", "1_Pooling/config.json")
        self.assertEqual(os.listdir(os.path.join(to, "1_Pooling")), ["config.json"])

    def test_place_that_cannot_be_written(self):
        to = os.path.join(self.folder, "file")
        with open(to, "w", encoding="ascii"):
            pass
        self.fail_fetch(4, "Not a directory", f"--to={to}", "owner/model")


class Names(HubTest):
    def test_names_that_lead_elsewhere_are_refused_before_any_request(self):
        for arguments in (
            ["../model"],
            ["owner/../model"],
            ["/etc/passwd"],
            ["owner/model\n"],
            ["owner/model/more"],
            ["owner--x/model"],
            ["owner/model", "../config.json"],
            ["owner/model", "/etc/passwd"],
            ["owner/model", "a/../../b.json"],
            ["owner/model", "a\x01.json"],
            ["owner/model", "a\\b.json"],
            ["owner/model", "pytorch_model.bin"],
            ["--revision=../main", "owner/model"],
            ["--revision=", "owner/model"],
            ["--revision=a b", "owner/model"],
            ["--max-size=lots", "owner/model"],
            ["--to=", "owner/model"],
            ["--timeout=0", "owner/model"],
            ["--retries=-1", "owner/model"],
            ["--no-such-option", "owner/model"],
            [],
        ):
            result = self.run_fetch(*arguments)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertRegex(result.stderr, "alkfw-fetch: ")
        self.assertEqual(self.requests(), [])

    def test_hostile_list_of_files(self):
        names = ["../../x.safetensors", "/abs.safetensors", "a\nb.safetensors", "..", ""]
        del self.files["model.safetensors"]
        self.repository.commit(self.files)
        self.fault("api", "names", names=names)
        self.fail_fetch(41, "no safetensors weights, and pickle is not fetched")
        self.hub.faults.clear()
        self.fault("api", "names", names=["a\0b.safetensors"])
        self.fail_fetch(40, "not a Hub's")

    def test_names_are_escaped_in_addresses(self):
        self.files["a b#?%.json"] = b"{}"
        self.repository.commit(self.files)
        self.fetch("owner/model", "a b#?%.json")
        self.assertIn("a%20b%23%3F%25.json", self.requests()[0].path)

    def test_repository_without_tokenizer(self):
        del self.files["tokenizer.json"]
        self.repository.commit(self.files)
        self.fail_fetch(41, "has no tokenizer.json")

    def test_help_and_version(self):
        self.assertIn("--revision", self.run_fetch("--help").stdout)
        self.assertRegex(self.run_fetch("--version").stdout, r"^alkfw-fetch \d")
        with open("/dev/full", "w", encoding="ascii") as full:
            result = subprocess.run(
                [FETCHER, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        self.assertEqual(result.returncode, 5, result.stderr)


class Resume(HubTest):
    def half_download(self, received=120_000):
        path = self.blob(self.weights_id) + ".incomplete"
        os.makedirs(os.path.dirname(path))
        with open(path, "wb") as file:
            file.write(self.weights[:received])
        return received

    def test_kill_then_only_the_rest(self):
        self.hub.rate = 100_000
        with subprocess.Popen(
            self.command("owner/model"), env=self.environment(), stdout=subprocess.DEVNULL
        ) as process:
            incomplete = self.blob(self.weights_id) + ".incomplete"
            while not os.path.exists(incomplete) or os.path.getsize(incomplete) < 50_000:
                time.sleep(0.01)
            process.kill()
        self.check_cache()
        left = os.path.getsize(incomplete)
        self.assertLess(left, len(self.weights))
        self.hub.requests.clear()
        self.hub.rate = None
        self.fetch()
        (request,) = self.requests("cdn")
        self.assertEqual((request.status, request.range), (206, f"bytes={left}-"))
        self.assertEqual(request.sent, len(self.weights) - left)

    def test_complete_but_unnamed_needs_no_body(self):
        self.half_download(len(self.weights))
        self.fetch()
        self.assertEqual(self.requests("cdn"), [])

    def test_truncated_again_and_again(self):
        self.fault("cdn", "truncate", after=100_000)
        self.fetch()
        self.assertEqual([request.status for request in self.requests("cdn")], [200, 206, 206])
        self.assertEqual(sum(request.sent for request in self.requests("cdn")), len(self.weights))

    def test_truncated_without_progress(self):
        self.fault("cdn", "truncate", after=100)
        self.fail_fetch(14, "connection to 127.0.0.2 failed", retries=2)
        self.assertEqual(len(self.requests("cdn")), 3)

    def test_range_is_ignored(self):
        self.half_download()
        self.fault("cdn", "ignore_range")
        self.fetch()
        self.assertEqual([request.status for request in self.requests("cdn")], [200])

    def test_another_range_than_asked_for(self):
        self.half_download()
        self.fault("cdn", "range", shift=7)
        self.fail_fetch(40, "another part")

    def test_changes_between_two_ranges(self):
        self.fault("cdn", "truncate", after=100_000, etags="new", times=1)
        self.fetch()
        self.assertEqual([request.status for request in self.requests("cdn")], [200, 200])

    def test_changes_every_time_and_if_range_is_ignored(self):
        self.fault("cdn", "truncate", after=1_000, etags="new")
        self.fail_fetch(44, "changed on 127.0.0.2 while it was fetched", retries=3)

    def test_416_starts_over(self):
        self.half_download()
        self.fault("cdn", "status", status=416, times=1)
        self.fetch()
        self.assertEqual([request.status for request in self.requests("cdn")], [416, 200])

    def test_416_always(self):
        self.fault("cdn", "status", status=416)
        self.fail_fetch(26, "416")

    def test_left_bytes_that_are_wrong_get_a_second_chance(self):
        self.half_download()
        with open(self.blob(self.weights_id) + ".incomplete", "r+b") as file:
            file.write(b"wrong")
        self.fetch()
        self.assertEqual([request.status for request in self.requests("cdn")], [206, 200])

    def test_more_left_than_announced(self):
        self.half_download()
        with open(self.blob(self.weights_id) + ".incomplete", "ab") as file:
            file.truncate(len(self.weights) + 1)
        self.fetch()

    def test_random_kills(self):
        """Killed at any moment, the cache has no wrong file under a right name, and it can go on."""
        self.hub.rate = 3_000_000
        seed = int(os.environ.get("HUB_SEED", time.time_ns()))
        chance = random.Random(seed)
        killed = 0
        for _ in range(50 * N_KILLS):  # on a machine of any speed enough of them come too late
            with subprocess.Popen(
                self.command("owner/model"),
                env=self.environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as process:
                time.sleep(chance.uniform(0, 0.16))
                process.kill()
            killed += process.returncode == -signal.SIGKILL
            self.check_cache()
            if killed == N_KILLS:
                break
            if process.returncode == 0 or chance.random() < 0.1:
                shutil.rmtree(self.cache, ignore_errors=True)
        self.hub.rate = None
        self.fetch()
        self.assertEqual(killed, N_KILLS, f"HUB_SEED={seed}")


class Misbehaviour(HubTest):
    def test_stall(self):
        self.fault("cdn", "stall", after=1000)
        self.fail_fetch(12, "nothing from 127.0.0.2 for 3 seconds", "--timeout=3", "owner/model", retries=0)

    def test_stall_once(self):
        self.fault("cdn", "stall", after=100_000, times=1)
        self.fetch("--timeout=3", "owner/model")
        self.assertEqual([request.status for request in self.requests("cdn")], [200, 206])

    def test_no_answer_at_all(self):
        self.fault("head", "silence", "model.safetensors")
        self.fail_fetch(12, "127.0.0.1", "--timeout=3", "owner/model", retries=0)

    def test_drip(self):
        self.fault("cdn", "drip")
        self.fail_fetch(13, "bytes a second from 127.0.0.2", "--timeout=2", "owner/model", retries=0)

    def test_dropped_connections(self):
        self.fault("head", "drop", "model.safetensors", times=1)
        self.fault("cdn", "drop", times=1)
        self.fetch()
        self.fault("api", "drop")
        self.fail_fetch(14, "connection to 127.0.0.1 failed", "--revision=x", "owner/model")

    def test_wrong_sha256(self):
        self.fault("cdn", "corrupt")
        self.fail_fetch(45, "has the sha256 [0-9a-f]{64}, and the Hub says " + self.weights_id)
        self.assertFalse(os.path.exists(self.blob(self.weights_id) + ".incomplete"))

    def test_wrong_git_blob_id(self):
        self.fault("get", "corrupt", "config.json")
        self.fail_fetch(46, "has the git blob id")

    def test_body_larger_than_announced(self):
        self.fault("cdn", "longer", by=1)
        self.fail_fetch(42, "more than the 300000 bytes that were announced")
        self.assertFalse(os.path.exists(self.blob(self.weights_id) + ".incomplete"))

    def test_two_sizes(self):
        self.fault("cdn", "length", length=1000)
        self.fail_fetch(43, "says that it has 300000 bytes, and 127.0.0.2 says 1000")

    def test_compressed_body(self):
        self.fault("cdn", "encoding")
        self.fail_fetch(40, "compressed")

    def test_entity_tag_that_proves_nothing(self):
        self.fault("head", "etag", "model.safetensors", etag="v1")
        self.fail_fetch(40, "neither a sha256 nor a git blob id")

    def test_no_commit(self):
        self.fault("head", "headers", "model.safetensors", without=["X-Repo-Commit"])
        self.fail_fetch(40, "without X-Repo-Commit")

    def test_no_size(self):
        self.fault("head", "headers", "model.safetensors", without=["X-Linked-Size"])
        self.fetch()

    def test_page_of_a_captive_portal(self):
        self.fault("api", "page")
        self.fail_fetch(40, "the answer is not a Hub's")

    def test_401(self):
        self.fail_fetch(20, r"401.*HF_TOKEN", "owner/other")
        self.repository.access = "private"
        self.fail_fetch(20, r"401.*private")

    def test_403(self):
        self.fault("cdn", "status", status=403)
        self.fail_fetch(21, "403")

    def test_gated(self):
        self.repository.access = "gated"
        self.fail_fetch(22, "accept its conditions")

    def test_404(self):
        token = {"HF_TOKEN": SECRET}
        self.fail_fetch(23, "no such repository", "owner/other", environment=token)
        self.fail_fetch(24, "no such branch", "--revision=dev", "owner/model")
        self.fail_fetch(24, "no such branch", "--revision=" + "0" * 40, "owner/model")
        self.fail_fetch(25, "no such file", "owner/model", "gone.json")

    def test_429(self):
        self.fault("head", "status", "model.safetensors", status=429)
        self.fail_fetch(27, "429")

    def test_retry_after_is_kept(self):
        headers = {"Retry-After": "1"}
        self.fault("head", "status", "model.safetensors", status=429, headers=headers, times=1)
        start = time.monotonic()
        self.fetch()
        self.assertGreaterEqual(time.monotonic() - start, 1)

    def test_retry_after_that_is_too_long(self):
        headers = {"Retry-After": "100000"}
        self.fault("head", "status", "model.safetensors", status=503, headers=headers)
        self.fail_fetch(29, "503")
        self.assertEqual(self.requests()[-1].status, 503)

    def test_500_and_503(self):
        self.fault("cdn", "status", status=500)
        self.fail_fetch(28, "500")
        self.assertEqual(len(self.requests("cdn")), 2)
        self.hub.faults.clear()
        self.fault("cdn", "status", status=503)
        self.fail_fetch(29, "503")
        self.hub.faults.clear()
        for status in (500, 502, 503, 504, 429, 408):
            self.fault("cdn", "status", status=status, times=1)
        self.fetch(retries=6)

    def test_other_statuses(self):
        self.fault("cdn", "status", status=418)
        self.fail_fetch(30, "418")

    def test_redirect_loop(self):
        self.fault("head", "loop", "model.safetensors")
        self.fail_fetch(31, "more than 10 redirects")

    def test_redirect_to_a_file(self):
        for to in ("file:///etc/passwd", "ftp://127.0.0.2/x", "gopher://127.0.0.2/x"):
            self.fault("get", "redirect", "model.safetensors", to=to, times=1)
            self.fail_fetch(33, f"redirects to a {to.split(':')[0]}: address, which is refused")

    def test_redirect_to_nothing(self):
        self.fault("get", "redirect", "model.safetensors", to="http://")
        self.fail_fetch(40, "no address")

    def test_redirect_with_a_user_name(self):
        self.fault("get", "redirect", "model.safetensors", to="http://ann:secret@127.0.0.2/x")
        result = self.fail_fetch(40, "no address")
        self.assertNotIn("secret", result.stderr)

    def test_max_size(self):
        self.fail_fetch(7, "--max-size", "--max-size=100K", "owner/model")
        self.assertEqual(self.requests("cdn"), [])
        self.assertEqual([r for r in self.requests("hub", "GET") if "resolve" in r.path], [])
        self.fault("head", "headers", "model.safetensors", without=["X-Linked-Size"])
        self.fail_fetch(7, "--max-size", "--max-size=100K", "owner/model")
        self.fetch("--max-size=1M", "owner/model")

    def test_unreachable(self):
        self.hub.close()
        self.fail_fetch(10, "cannot reach 127.0.0.1")

    def test_offline(self):
        offline = {"HF_HUB_OFFLINE": "1"}
        self.fail_fetch(3, "HF_HUB_OFFLINE", environment=offline)
        self.assertEqual(self.requests(), [])
        path = self.fetch()
        self.hub.requests.clear()
        self.assertEqual(self.fetch(environment=offline), path)
        self.assertEqual(self.requests(), [])

    def test_endpoints_that_are_none(self):
        for endpoint in ("ftp://127.0.0.1", "127.0.0.1:80", "https://u:p@127.0.0.1", "nonsense"):
            result = self.fail_fetch(2, "HF_ENDPOINT", environment={"HF_ENDPOINT": endpoint})
            self.assertNotIn("u:p", result.stderr)


class Disk(HubTest):
    def test_file_size_limit(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        self.fail_fetch(5, "cannot write .*; make room", preexec_fn=limit)
        self.assertEqual(os.path.getsize(self.blob(self.weights_id) + ".incomplete"), 100_000)
        self.hub.requests.clear()
        self.fetch()
        self.assertEqual(self.requests("cdn")[0].range, "bytes=100000-")

    def on_small_disk(self, size, fill):
        """Runs alkfw-fetch with its cache on a disk of this size, in a mount namespace of its own."""
        mount = os.path.join(self.folder, "disk")
        os.makedirs(mount, exist_ok=True)
        script = f'mount -t tmpfs -o size={size} none "$0" && {{ {fill}; "$@"; }}'
        return subprocess.run(
            ["unshare", "-m", "sh", "-c", script, mount, *self.command("owner/model")],
            env=self.environment(HF_HUB_CACHE=mount),
            capture_output=True,
            text=True,
            check=False,
        )

    def test_full_disk(self):
        if self.on_small_disk("1m", "exit 99").returncode != 99:
            self.skipTest("a small disk can only be mounted by root")
        result = self.on_small_disk("64k", "true")
        self.assertEqual(result.returncode, 5, result.stderr)
        self.assertRegex(result.stderr, "300000 bytes more are needed and .* has room for")
        # Another program fills the disk in the meantime.
        self.hub.rate = 200_000
        begun = "ls $0/*/blobs | grep -q '[0-9a-f]\\{64\\}.incomplete'"
        filler = f'(until {begun}; do sleep 0.05; done; head -c 500000 /dev/zero > "$0/filler")'
        filler = f"{filler} 2>/dev/null & true"
        result = self.on_small_disk("512k", filler)
        self.assertEqual(result.returncode, 5, result.stderr)
        self.assertRegex(result.stderr, "No space left on device; make room")

    def test_cache_that_is_a_file(self):
        with open(self.cache, "w", encoding="ascii"):
            pass
        self.fail_fetch(4, "Not a directory|File exists")


class Token(HubTest):
    def authorizations(self, role):
        return {request.authorization for request in self.requests(role)}

    def test_only_to_the_hub_and_in_no_message(self):
        result = self.run_fetch("-v", "-v", "owner/model", environment={"HF_TOKEN": SECRET})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.authorizations("hub"), {f"Bearer {SECRET}"})
        self.assertEqual(self.authorizations("cdn"), {None})
        self.assertNotIn(SECRET, result.stderr + result.stdout)

    def test_not_to_another_port_of_the_same_host(self):
        other = server.Hub()
        self.addCleanup(other.close)
        self.fault("get", "redirect", "model.safetensors", to=f"{other.endpoint}/x", times=1)
        self.fail_fetch(23, "404", environment={"HF_TOKEN": SECRET})
        self.assertEqual({request.authorization for request in other.requests}, {None})

    def test_not_over_plain_http_to_another_machine(self):
        # A name that is not of this machine by its looks; the proxy plays its host.
        proxy = server.Proxy()
        self.addCleanup(proxy.close)
        self.run_fetch(
            "owner/model",
            environment={
                "HF_ENDPOINT": "http://hub.example",
                "http_proxy": proxy.address,
                "HF_TOKEN": SECRET,
            },
            retries=0,
        )
        self.assertIn("GET http://hub.example/api/models", proxy.connections[0])
        self.assertNotIn(SECRET, "".join(proxy.connections))

    def test_where_it_is_found(self):
        self.repository.access = "private"
        stored = os.path.join(self.folder, ".cache", "huggingface", "token")
        os.makedirs(os.path.dirname(stored))
        with open(stored, "w", encoding="ascii") as file:
            file.write(SECRET + "\n")
        self.fetch()
        shutil.rmtree(self.cache)
        self.fail_fetch(20, "401", environment={"HF_TOKEN": "hf_wrong"})
        self.fail_fetch(20, "401", environment={"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"})
        os.rename(stored, os.path.join(self.folder, "elsewhere"))
        self.fail_fetch(20, "401")
        self.fetch(environment={"HF_TOKEN_PATH": "~/elsewhere"})

    def test_token_that_would_write_headers(self):
        hostile = f"{SECRET}\r\nX-Evil: 1"
        self.fail_fetch(2, "token in HF_TOKEN", environment={"HF_TOKEN": hostile})
        self.assertEqual(self.requests(), [])

    def test_gated_with_token(self):
        self.repository.access = "gated"
        self.fetch(environment={"HF_TOKEN": SECRET})


class Tls(HubTest):
    def setUp(self):
        self.tls = certificates()
        self.trust = {"SSL_CERT_FILE": self.tls.authority}
        super().setUp()

    def use_certificate(self, certificate):
        self.hub.close()
        hub = server.Hub(self.tls, tls_hub=certificate)
        self.addCleanup(hub.close)
        hub.repositories = self.hub.repositories
        self.hub = hub

    def test_verified(self):
        self.fetch(environment=self.trust)
        shutil.rmtree(self.cache)
        self.fetch(environment={"CURL_CA_BUNDLE": self.tls.authority})

    def test_unknown_authority(self):
        self.fail_fetch(11, "certificate of 127.0.0.1 cannot be verified.*SSL_CERT_FILE")
        self.assertEqual(self.requests(), [])

    def test_signed_by_nobody(self):
        self.use_certificate(self.tls.bad)
        self.fail_fetch(11, "certificate", environment=self.trust)

    def test_for_another_host(self):
        self.use_certificate(self.tls.wrong_name)
        self.fail_fetch(11, "certificate", environment=self.trust)

    def test_redirect_to_plain_http(self):
        for where in ("head", "get"):
            self.fault(where, "redirect", "model.safetensors", to="http://127.0.0.2/x", times=1)
            self.fail_fetch(
                32, "redirects to plain http on 127.0.0.2, which is refused", environment=self.trust
            )

    def test_token_stays_with_the_hub(self):
        self.fetch(environment={**self.trust, "HF_TOKEN": SECRET})
        self.assertEqual({r.authorization for r in self.requests("cdn")}, {None})
        self.assertEqual({r.authorization for r in self.requests("hub")}, {f"Bearer {SECRET}"})

    def test_proxy(self):
        proxy = server.Proxy()
        self.addCleanup(proxy.close)
        environment = {**self.trust, "HTTPS_PROXY": proxy.address, "HF_TOKEN": SECRET}
        self.fetch(environment=environment)
        targets = {connection.split()[1] for connection in proxy.connections}
        addresses = {address.split("//")[1] for address in (self.hub.endpoint, self.hub.cdn_endpoint)}
        self.assertEqual(targets, addresses)
        self.assertNotIn(SECRET, "".join(proxy.connections))
        proxy.connections.clear()
        shutil.rmtree(self.cache)
        self.fetch(environment={**environment, "NO_PROXY": "127.0.0.1"})
        self.assertEqual({c.split()[1] for c in proxy.connections}, {self.hub.cdn_endpoint.split("//")[1]})

    def test_proxy_that_is_not_there(self):
        environment = {**self.trust, "HTTPS_PROXY": "http://127.0.0.1:1"}
        self.fail_fetch(10, "cannot reach.*HTTPS_PROXY", environment=environment)


class Progress(HubTest):
    def run_on_terminal(self, **environment):
        """What alkfw-fetch writes to a terminal 60 columns wide."""
        self.hub.rate = 600_000
        main, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        with subprocess.Popen(
            self.command("owner/model"),
            env=self.environment(TERM="xterm", **environment),
            stdout=subprocess.DEVNULL,
            stderr=terminal,
        ) as process:
            os.close(terminal)
            text = b""
            while select.select([main], [], [], 30)[0]:
                try:
                    text += os.read(main, 4096)
                except OSError:
                    break
        os.close(main)
        self.assertEqual(process.returncode, 0, text)
        return text.decode()

    def test_line_on_a_terminal(self):
        text = self.run_on_terminal()
        self.assertRegex(text, r"\rmodel\S+ +\d+%  \d+ kB of 300 kB  \d+ kB/s  0:0\d left")
        self.assertRegex(text, r"100%  300 kB of 300 kB .* in 0:0\d\x1b\[K\r\n$")
        for line in re.split("[\r\n]", text):
            self.assertLess(len(line.replace("\x1b[K", "")), 60)

    def test_none_when_it_is_not_wanted(self):
        self.assertEqual(self.run_on_terminal(HF_HUB_DISABLE_PROGRESS_BARS="1"), "")
        shutil.rmtree(self.cache)
        self.assertEqual(self.run_fetch("owner/model").stderr, "")


if __name__ == "__main__":
    main()
