"""Records what real Helm answers for the cases of a corpus. Resumable: ids that are in the output are skipped.

usage: answers.py helm4   --cases CASES.jsonl --out ANSWERS.jsonl [--timeout S] [--limit N] [--redo IDS --runs N --pause S]
       answers.py helm3   --cases CASES.jsonl --out ANSWERS.jsonl --helm BINARY
       answers.py streams --pairs PAIRS.jsonl --out FOLDER --ok UPGRADES.jsonl
       answers.py charts  --charts FOLDER --helm BINARY     (cases.json -> answers/helm4.json, answers/helm3.json)

helm4 needs the Python package `helm_python` (Helm 4 SDK) in the interpreter that runs this; helm3 the binary.
Every case is rendered twice. What differs between the two runs is random in real Helm and goes into the mask.
"""
import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EVERY = 250  # a worker is replaced after so many cases: the library keeps memory


# ---------------------------------------------------------------- Helm 4, in a worker process

class Helm4:
    def __init__(self):
        from helm_python import _native
        self.n = _native

    def load(self, path):
        return self.n.HANDLE(self.n.call_handle("helm_chart_load", path))

    def values(self, case):
        out = {}
        for path in case["values"]:
            text = Path(path).read_text(encoding="utf-8", errors="replace")
            out = merge(out, json.loads(self.n.call_string("helm_values_from_yaml", text)) or {})
        for key, func in (("set_json", "_json"), ("set", ""), ("set_string", "_string")):
            for text in case.get(key) or []:
                out = merge(out, json.loads(self.n.call_string("helm_strvals_parse" + func, text)))
        return json.dumps(out)

    def values_of_sets(self, case):
        return json.loads(self.values({**case, "values": []}))

    def render(self, case, values):
        chart = self.load(case["chart"])
        try:
            opts = {"name": case["release"], "namespace": case["namespace"], "kube_version": case["kube_version"],
                    "api_versions": case["api_versions"], "revision": 2 if case["is_upgrade"] else 1,
                    "is_install": not case["is_upgrade"], "is_upgrade": case["is_upgrade"]}
            return json.loads(self.n.call_string("helm_render", chart, values, json.dumps(opts)))
        finally:
            self.n.call_status("helm_chart_free", chart)

    def stream(self, case, values):
        chart = self.load(case["chart"])
        config = self.n.HANDLE(self.n.call_handle("helm_config_new", json.dumps({"storage_driver": "memory", "namespace": case["namespace"]})))
        try:
            opts = {"dry_run": "client", "kube_version": case["kube_version"], "namespace": case["namespace"]}
            if case["api_versions"]:
                opts["api_versions"] = case["api_versions"]
            return json.loads(self.n.call_string("helm_install", config, self.n.HANDLE(0), chart, None, case["release"], values, json.dumps(opts))).get("manifest", "")
        finally:
            self.n.call_status("helm_config_free", config)
            self.n.call_status("helm_chart_free", chart)

    def attempt(self, call, *args):
        try:
            return call(*args), None
        except Exception as e:
            return None, str(getattr(e, "detail", None) or e)

    def answer(self, case, runs=2, pause=0.0):
        values, error = self.attempt(self.values, case)
        if error is not None:
            return {"error": error}
        out = {}
        if any(case.get(k) for k in ("set", "set_json")) and numbers(self.values_of_sets(case)):
            out["set_numbers"] = True  # this way in makes floats of them, the command line does not
        one, error = self.attempt(self.render, case, values)
        others = []
        for _ in range(runs - 1):
            time.sleep(pause)
            others.append(self.attempt(self.render, case, values))
        two, error2 = next((o for o in others if o[0] is None), others[0])
        if one is None or two is None:
            out["error"] = error or error2
            if error != error2:
                out["error2"] = error2
        else:
            out["ok"] = one
            out.update(masks(one, [o[0] for o in others]))
        if not case["is_upgrade"]:
            stream, error = self.attempt(self.stream, case, values)
            if error is not None:
                out["stream_error"] = error
            else:
                out["stream"] = stream
                diffs = []
                for _ in range(runs - 1 if "mask" in out or "loose" in out or runs > 2 else 0):
                    diffs.append(lines(stream, self.attempt(self.stream, case, values)[0] or ""))
                    time.sleep(pause)
                if None in diffs:
                    out["stream_loose"] = True
                elif any(diffs):
                    out["stream_mask"] = sorted({i for diff in diffs for i in diff})
        return out


def merge(a, b):
    """Later values over earlier ones, objects key by key."""
    out = dict(a)
    for k, v in b.items():
        out[k] = merge(out[k], v) if isinstance(v, dict) and isinstance(out.get(k), dict) else v
    return out


def lines(a, b):
    """Numbers (from 0) of lines that differ; None when the number of lines differs."""
    if a == b:
        return []
    x, y = a.split("\n"), b.split("\n")
    if len(x) != len(y):
        return None
    return [i for i, (p, q) in enumerate(zip(x, y)) if p != q]


def masks(one, others):
    """What of the first run is not the same in every other one."""
    mask, loose = {}, set()
    for two in others:
        for name in set(one) | set(two):
            diff = lines(one[name], two[name]) if name in one and name in two else None
            if diff is None:
                loose.add(name)
            elif diff:
                mask[name] = sorted(set(mask.get(name, [])) | set(diff))
    out = {}
    if any(name not in loose for name in mask):
        out["mask"] = {name: mask[name] for name in sorted(mask) if name not in loose}
    if loose:
        out["loose"] = sorted(loose)
    return out


def worker():
    """Reads cases, one JSON line each, and answers each with one line."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the library may print
    helm = Helm4()
    for line in sys.stdin:
        job = json.loads(line)
        if job.get("stream_only"):
            values, error = helm.attempt(helm.values, job)
            made, error = (None, error) if error else helm.attempt(helm.stream, job, values)
            answer = {"error": error} if error is not None else {"stream": made}
        else:
            answer = helm.answer(job, job.get("runs", 2), job.get("pause", 0.0))
        out.write(json.dumps({"id": job["id"], **answer}) + "\n")
        out.flush()


class Worker:
    """A child process that can be killed when a case takes too long."""

    def __init__(self, timeout):
        self.timeout, self.child, self.done, self.buffer = timeout, None, 0, b""

    def start(self):
        env = dict(os.environ, HOME="/nonexistent", KUBECONFIG="/nonexistent/config", GOMAXPROCS="1")
        self.child = subprocess.Popen([sys.executable, __file__, "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, env=env)
        self.done, self.buffer = 0, b""

    def stop(self):
        if self.child:
            self.child.kill()
            self.child.wait()
        self.child = None

    def ask(self, job):
        if self.child is None or self.done >= EVERY:
            self.stop()
            self.start()
        self.done += 1
        try:
            self.child.stdin.write((json.dumps(job) + "\n").encode())
            self.child.stdin.flush()
        except BrokenPipeError:
            self.stop()
            return {"id": job["id"], "broken": "died"}
        chunks = []
        while True:
            ready, _, _ = select.select([self.child.stdout], [], [], self.timeout)
            if not ready:
                self.stop()
                return {"id": job["id"], "broken": "timeout"}
            got = os.read(self.child.stdout.fileno(), 1 << 20)
            if not got:
                self.stop()
                return {"id": job["id"], "broken": "died"}
            chunks.append(got)
            if got.endswith(b"\n"):
                return json.loads(b"".join(chunks))


# ---------------------------------------------------------------- Helm 3, a process per case

def helm3(case, binary, timeout):
    args = [binary, "template", case["release"], case["chart"], "--namespace", case["namespace"], "--kube-version", case["kube_version"]]
    for flag, key in (("-f", "values"), ("-a", "api_versions"), ("--set", "set"), ("--set-string", "set_string"), ("--set-json", "set_json")):
        for v in case.get(key) or []:
            args += [flag, v]
    if case["is_upgrade"]:
        args.append("--is-upgrade")
    home = Path(tempfile.gettempdir()) / "helm-oracle-home"
    env = dict(PATH=os.environ["PATH"], HOME=str(home))
    try:
        done = subprocess.run(args, capture_output=True, timeout=timeout, env=env)
    except subprocess.TimeoutExpired:
        return None, "timeout"
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace"), None
    text = done.stderr.decode("utf-8", "replace")
    return None, text[text.find("Error: ") + 7 :].strip() if "Error: " in text else text.strip()


def answer3(case, binary, timeout):
    stream, error = helm3(case, binary, timeout)
    if error == "timeout":
        return {"broken": "timeout"}
    if error is not None:
        return {"error": error}
    again, _ = helm3(case, binary, timeout)
    diff = lines(stream, again or "")
    out = {"stream": stream}
    if diff is None:
        out["stream_loose"] = True
    elif diff:
        out["stream_mask"] = diff
    return out


# ---------------------------------------------------------------- commands

def rows(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def known(path):
    """Ids that are answered; a last line that was cut off is removed."""
    out = set()
    if not os.path.exists(path):
        return out
    good = 0
    with open(path, "rb") as f:
        for line in f:
            if not line.endswith(b"\n"):
                break
            good += len(line)
            out.add(json.loads(line[: line.index(b'",') + 1] + b"}")["id"])
    os.truncate(path, good)
    return out


def forget(path, ids):
    """Takes the answers of some ids out of a file."""
    tmp = path + ".part"
    with open(path, encoding="utf-8") as old, open(tmp, "w", encoding="utf-8") as new:
        for line in old:
            if json.loads(line[: line.index('",') + 1] + "}")["id"] not in ids:
                new.write(line)
    os.replace(tmp, path)


def record(a):
    if a.redo:
        forget(a.out, set(Path(a.redo).read_text(encoding="utf-8").split("\n")))
    done, work = known(a.out), Worker(a.timeout)
    todo = [c for c in rows(a.cases) if c["id"] not in done]
    todo = todo[: a.limit] if a.limit else todo
    with open(a.out, "a", encoding="utf-8") as out:
        for i, case in enumerate(todo):
            answer = work.ask({**case, "runs": a.runs, "pause": a.pause}) if a.cmd == "helm4" else {"id": case["id"], **answer3(case, a.helm, a.timeout)}
            out.write(json.dumps(answer) + "\n")
            out.flush()
            if i % 100 == 99:
                print(f"{i + 1}/{len(todo)}", file=sys.stderr, flush=True)
    work.stop()


def streams(a):
    """Both streams of every version bump; bumps that do not render are left out."""
    work, seen = Worker(a.timeout), {}
    have = known(a.ok)
    with open(a.ok, "a", encoding="utf-8") as ok:
        for pair in rows(a.pairs):
            if pair["id"] in have:
                continue
            texts = []
            for side in ("from", "to"):
                if pair[side] not in seen:
                    seen[pair[side]] = work.ask({"id": pair["id"], "chart": pair[side], "values": pair["values"], "release": "rel", "namespace": "ns",
                                                 "kube_version": "v1.30.0", "api_versions": [], "is_upgrade": False, "stream_only": True}).get("stream")
                texts.append(seen[pair[side]])
            if not all(texts):
                continue
            folder = Path(a.out) / pair["id"]
            folder.mkdir(parents=True, exist_ok=True)
            for side, text in zip(("from", "to"), texts):
                (folder / f"{side}.yaml").write_text(text, encoding="utf-8")
            ok.write(json.dumps(pair) + "\n")
            ok.flush()
            if len(seen) > 400:
                seen.clear()
    work.stop()


def numbers(data):
    """Whether a number is somewhere in data."""
    if isinstance(data, dict):
        return any(map(numbers, data.values()))
    if isinstance(data, list):
        return any(map(numbers, data))
    return isinstance(data, (int, float)) and not isinstance(data, bool)


def charts(a):
    """Answers for our own charts, with paths as they are in cases.json."""
    script = Path(__file__).resolve()
    globals()["__file__"] = str(script)
    os.chdir(a.charts)
    work, four, three = Worker(a.timeout), {}, {}
    for case in json.loads(Path("cases.json").read_text(encoding="utf-8")):
        got = work.ask(case)
        got.pop("id")
        if not got.pop("set_numbers", False):
            four[case["id"]] = fixture(got)
        three[case["id"]] = fixture(answer3(case, a.helm, a.timeout))
    work.stop()
    os.makedirs("answers", exist_ok=True)
    for name, data in (("helm4", four), ("helm3", three)):
        text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True)
        Path(f"answers/{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(four)} answers of Helm 4, {len(three)} of Helm 3", file=sys.stderr)


def fixture(answer):
    """An answer in the form of the committed files."""
    names = {"mask": "unstable_lines", "loose": "unstable_files", "stream_mask": "unstable_stream_lines", "stream_loose": "unstable_stream"}
    return {names.get(k, k): v for k, v in answer.items()}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("cmd", choices=["helm4", "helm3", "streams", "charts", "worker"])
    ap.add_argument("--cases")
    ap.add_argument("--pairs")
    ap.add_argument("--charts")
    ap.add_argument("--out")
    ap.add_argument("--ok")
    ap.add_argument("--helm")
    ap.add_argument("--timeout", type=float, default=120)
    ap.add_argument("--limit", type=int, default=0)
    ap.add_argument("--runs", type=int, default=2, help="how often Helm 4 renders a case to find what is random")
    ap.add_argument("--pause", type=float, default=0.0, help="seconds between runs, for what tells the time")
    ap.add_argument("--redo", help="a file of ids to be asked again")
    a = ap.parse_args()
    if a.cmd == "worker":
        worker()
    elif a.cmd == "streams":
        streams(a)
    elif a.cmd == "charts":
        charts(a)
    else:
        record(a)


if __name__ == "__main__":
    main()
