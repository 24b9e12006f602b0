"""Times the Go SDK in process and the `helm template` process over a sample of cases, beside ours.

usage: times.py --cases CASES.jsonl --results RESULTS.jsonl --helm BINARY [--sample N] [--processes N]

RESULTS.jsonl is what the program `helm_cases` wrote in the same hour on the same machine: `ms` is reading the chart and rendering
it with nothing parsed before (one thread, no cache: run it with CACHE=0), `ms_again` everything once more.
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import time

from answers import Helm4, rows


def process(case, binary):
    command = [binary, "template", case["release"], case["chart"], "--namespace", case["namespace"], "--kube-version", case["kube_version"]]
    for path in case["values"]:
        command += ["-f", path]
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - start) * 1e3


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--cases", required=True)
    p.add_argument("--results", required=True)
    p.add_argument("--helm", required=True)
    p.add_argument("--sample", type=int, default=600)
    p.add_argument("--processes", type=int, default=80)
    a = p.parse_args()
    for name in ("HOME", "KUBECONFIG", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"):
        os.environ[name] = "/nonexistent"
    ours = {r["id"]: r for r in rows(a.results) if "ms" in r and "ok" in r}
    cases = [c for c in rows(a.cases) if c["id"] in ours and c["compat"] == "4" and not c.get("set")]
    random.Random(7).shuffle(cases)
    cases = cases[: a.sample]
    sdk, times = Helm4(), []
    for n, case in enumerate(cases):
        values = sdk.values(case)
        start = time.perf_counter()
        _, error = sdk.attempt(sdk.render, case, values)
        spent = (time.perf_counter() - start) * 1e3
        if error is None:
            helm = process(case, a.helm) if n < a.processes else None
            times.append((ours[case["id"]]["ms"], ours[case["id"]].get("ms_again"), spent, helm))
    us, again, go = [t[0] for t in times], [t[1] for t in times if t[1]], [t[2] for t in times]
    both = [(t[0], t[3]) for t in times if t[3]]
    print(f"{len(times)} cases: ours {sum(us):.0f} ms in all, median {statistics.median(us):.2f}; again, parsed: median {statistics.median(again):.2f}")
    print(f"Go SDK in process: {sum(go):.0f} ms in all, median {statistics.median(go):.2f}: {sum(go) / sum(us):.1f} times ours")
    if both:
        print(f"helm template, {len(both)} of them: {sum(b for _, b in both):.0f} ms in all, median {statistics.median(b for _, b in both):.1f}; "
              f"ours {sum(o for o, _ in both):.0f}: {sum(b for _, b in both) / sum(o for o, _ in both):.1f} times")


if __name__ == "__main__":
    main()
