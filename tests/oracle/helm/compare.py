"""Compares results of our renderer with the answers of real Helm.

usage: compare.py --cases CASES.jsonl --answers ANSWERS.jsonl --results RESULTS.jsonl [--show N] [--no-text] [--report FILE]

Results are JSON lines {"id", "ok": {file: text}, "stream": text} or {"id", "error": text}, as the example program writes;
"stream_error" says why there is no stream, "panic" that the renderer broke.
Answers of Helm 3 have only the stream: it is what counts as identical or different then.
Exit code: 0 all the same (under the mask), 1 something differs, 2 nothing was compared.
"""
import argparse
import collections
import difflib
import json
import re
import sys

COLUMNS = ["cases", "helm ok", "identical", "under mask", "different", "both error", "same text", "helm error only", "our error only", "stream same", "stream differs", "both refuse", "same refusal", "no result"]


def offsets(path):
    """Where the line of each id is; answers are too large to be held at once."""
    out = {}
    with open(path, "rb") as f:
        at = 0
        for line in f:
            if line.endswith(b"\n"):
                m = re.match(rb'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*")', line)
                key = json.loads(m.group(1)) if m else json.loads(line)["id"]
                out[key] = at
            at += len(line)
    return out


def at(handle, offset):
    handle.seek(offset)
    return json.loads(handle.readline())


def unlike(name, want, got, mask):
    """The first line that differs outside of the mask, or None. A second value tells whether the mask was needed."""
    if want == got:
        return None, False
    a, b = want.split("\n"), got.split("\n")
    skip = set(mask or ())
    for i, (x, y) in enumerate(zip(a, b)):
        if x != y and i not in skip:
            return (name, i + 1, x, y), False
    if len(a) != len(b):
        i = min(len(a), len(b))
        return (name, i + 1, a[i] if i < len(a) else "<end>", b[i] if i < len(b) else "<end>"), False
    return None, True


def files(answer, result):
    """First difference between two maps of files, and whether a mask was needed."""
    want, got, masked = answer["ok"], result["ok"], False
    loose = set(answer.get("loose") or answer.get("unstable_files") or ())
    masks = answer.get("mask") or answer.get("unstable_lines") or {}
    for name in sorted(set(want) | set(got)):
        if name in loose:
            masked = True
        elif name not in got:
            if want[name].strip():
                return (name, 0, "<file>", "<no file>"), masked
        elif name not in want:
            if got[name].strip():
                return (name, 0, "<no file>", "<file>"), masked
        else:
            diff, used = unlike(name, want[name], got[name], masks.get(name))
            masked |= used
            if diff:
                return diff, masked
    return None, masked


def plain(text):
    """An error text without the words that only one way into Helm adds."""
    text = text.strip().removesuffix("Use --debug flag to render out invalid YAML").strip()
    text = re.sub(r"^failed parsing --set[a-z-]* data:? |^failed to parse \S+: ", "", text)
    return re.sub(r"^.*(?=found in Chart.yaml, but missing in charts/ directory)", "", text, flags=re.S)


# The SDK renders what the command line refuses to install.
LIBRARY = "library charts are not installable"


def stream(answer, result):
    """(column, text for the list of differences or None) for the streams, or None when there is nothing to compare."""
    want, got = answer.get("stream"), result.get("stream")
    no, wrong = answer.get("stream_error"), result.get("stream_error")
    if no is not None and wrong is not None:
        same = plain(no) == plain(wrong)
        return ("same refusal", None) if same else ("both refuse", f"stream error text: want {no!r} got {wrong!r}")
    if no is not None and got is not None:
        return "stream differs", f"helm refuses: {no}"
    if want is not None and not want.strip() and wrong == LIBRARY:
        return "same refusal", None
    if want is not None and wrong is not None:
        return "stream differs", f"ours refuses: {wrong}"
    if want is None or got is None or answer.get("stream_loose") or answer.get("unstable_stream"):
        return None
    diff, _ = unlike("stream", want, got, answer.get("stream_mask") or answer.get("unstable_stream_lines"))
    return ("stream differs", "{}:{}\n      helm {!r}\n      ours {!r}".format(*diff)) if diff else ("stream same", None)


def judge(answer, result, three=False):
    """(column, text for the list of differences or None)."""
    if result.get("panic"):
        return "our error only", "ours: panic"
    if "ok" not in answer:  # an error, or Helm 3, which tells only the stream
        texts = [result.get("error"), result.get("stream_error")]
        ours = next((t for t in (reversed(texts) if three else texts) if t is not None), None)
        if "error" in answer:
            if ours is None:
                return "helm error only", f"helm: {answer['error']}"
            if plain(ours) in (plain(answer["error"]), plain(answer.get("error2", ""))):
                return "same text", None
            return "both error", f"error text: want {answer['error']!r} got {ours!r}"
        if ours is not None:
            return "our error only", f"ours: {ours}"
        said = stream(answer, result)
        if said is None:
            return "under mask", None
        masked = answer["stream"] != result["stream"]
        return ("different", said[1]) if said[1] else ("under mask" if masked else "identical", None)
    if result.get("error") is not None:
        return "our error only", f"ours: {result['error']}"
    diff, masked = files(answer, result)
    if diff:
        return "different", "{}:{}\n      helm {!r}\n      ours {!r}".format(*diff)
    return ("under mask" if masked else "identical"), None


def group(text):
    """A key for differences of the same kind."""
    text = re.sub(r"\S+/templates/\S+?:(\d+:?)+", "FILE", text)
    text = re.sub(r"\S+/templates/\S+", "FILE", text)
    return re.sub(r"[0-9]+", "N", text)[:220]


def table(rows, total):
    width = max([len(r) for r in rows] + [6])
    out = ["source".ljust(width) + " | " + " | ".join(COLUMNS)]
    for name in sorted(rows) + ["total"]:
        row = total if name == "total" else rows[name]
        out.append(name.ljust(width) + " | " + " | ".join(str(row[c]).rjust(len(c)) for c in COLUMNS))
    return "\n".join(out)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--cases", required=True)
    ap.add_argument("--answers", required=True)
    ap.add_argument("--results", required=True)
    ap.add_argument("--report", help="write here, not to the terminal")
    ap.add_argument("--show", type=int, default=40, help="groups of differences to list")
    ap.add_argument("--list", help="write the ids that differ here")
    ap.add_argument("--no-text", action="store_true", help="errors with other words count as the same")
    ap.add_argument("--holdout", choices=["all", "only", "none"], default="all")
    a = ap.parse_args()
    answers, results = offsets(a.answers), offsets(a.results)
    rows, total, found = collections.defaultdict(collections.Counter), collections.Counter(), collections.defaultdict(list)
    bad, slow = 0, []
    with open(a.cases, encoding="utf-8") as cases, open(a.answers, "rb") as want, open(a.results, "rb") as got:
        for line in cases:
            case = json.loads(line)
            ident = case["id"]
            if ident not in answers or {"only": not case.get("holdout"), "none": case.get("holdout")}.get(a.holdout):
                continue
            answer = at(want, answers[ident])
            if "broken" in answer:
                continue
            row = rows[case["source"]]
            if ident not in results:
                row["no result"] += 1
                continue
            result = at(got, results[ident])
            slow.append((result.get("ms") or 0, ident))
            row["cases"] += 1
            row["helm ok"] += "error" not in answer
            column, text = judge(answer, result, case.get("compat") == "3")
            row[column] += 1
            row["both error"] += column == "same text"
            if text and not (column == "both error" and a.no_text):
                found[(column, group(text))].append((ident, text))
            bad += column in ("different", "helm error only", "our error only")
            if "error" in answer or "error" in result or result.get("panic"):
                continue
            said = stream(answer, result)
            if said:
                row[said[0]] += 1
                row["both refuse"] += said[0] == "same refusal"
                bad += said[0] == "stream differs"
                if said[1] and column != "different" and not (said[0] == "both refuse" and a.no_text):
                    found[(said[0], group(said[1]))].append((ident, said[1]))
    if a.list:
        with open(a.list, "w", encoding="utf-8") as out:
            out.write("".join(f"{ident}\n" for hits in found.values() for ident, _ in hits))
    for row in rows.values():
        total.update(row)
    out = open(a.report, "w", encoding="utf-8") if a.report else sys.stdout
    print(table(rows, total), file=out)
    slow.sort(reverse=True)
    print("\nslowest: " + ", ".join(f"{i} {m:.0f} ms" for m, i in slow[:5]), file=out)
    for (column, _), hits in sorted(found.items(), key=lambda f: -len(f[1]))[: a.show]:
        print(f"\n== {column}, {len(hits)} cases", file=out)
        for ident, text in hits[:3]:
            print(f"   {ident}\n      {text[:1200]}", file=out)
        if len(hits) > 3:
            print("   also: " + " ".join(i for i, _ in hits[3:15]), file=out)
    sys.exit(2 if not total["cases"] else 1 if bad else 0)


if __name__ == "__main__":
    main()
