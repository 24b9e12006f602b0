"""Assembles a corpus of public charts: folders of complete charts, cases.jsonl and pairs.jsonl (version bumps).

usage: assemble.py --mirrors DIR --out DIR [--versions N] [--only TEXT]

DIR of the mirrors has one folder OWNER+NAME per repository, with a bare git repository in `repo` (or itself bare).
Everything that is written is fetched text: keep it out of any repository.
"""
import argparse
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import io
from pathlib import Path

import yaml


class Loader(yaml.SafeLoader):
    """YAML without dates, which JSON cannot hold."""


Loader.yaml_implicit_resolvers = {
    key: [(tag, rx) for tag, rx in rules if tag != "tag:yaml.org,2002:timestamp"]
    for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(text):
    """The first document as data, None when it is no YAML."""
    try:
        for doc in yaml.load_all(text, Loader=Loader):
            return doc
    except Exception:
        return None
    return None


def load_all(text):
    try:
        return list(yaml.load_all(text, Loader=Loader))
    except Exception:
        return []


# ---------------------------------------------------------------- versions

def version(text):
    m = re.match(r"^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$", str(text).strip())
    if not m:
        return None
    pre = m.group(4)
    ids = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in pre.split(".")] if pre else []
    return (int(m.group(1)), int(m.group(2) or 0), int(m.group(3) or 0), 0 if pre else 1, ids)


def _one(token, v):
    m = re.match(r"^(=|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*v?([0-9]+|[xX*])?(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?(-[0-9A-Za-z.-]+)?(?:\+\S*)?$", token)
    if not m:
        return False
    op, parts, pre = m.group(1) or "", [m.group(2), m.group(3), m.group(4)], m.group(5)
    nums = []
    for p in parts:
        if p is None or p in "xX*":
            break
        nums.append(int(p))
    if v[3] == 0 and not pre:
        return False
    if not nums:
        return True
    low = nums + [0] * (3 - len(nums))
    base = version(".".join(map(str, low)) + (pre or ""))
    if op in ("", "=") and len(nums) == 3:
        return v == base
    if op == "!=":
        return v != base
    if op in (">=", "=>"):
        return v >= base
    if op == ">":
        return v > base and list(v[:len(nums)]) != nums if len(nums) < 3 else v > base
    if op in ("<=", "=<"):
        return v <= base or list(v[:len(nums)]) == nums
    if op == "<":
        return v < base
    if op in ("~", "~>", "", "="):
        keep = min(len(nums), 2) if op in ("~", "~>") else len(nums)
        return v >= base and list(v[:keep]) == nums[:keep]
    if op == "^":
        keep = 1
        while keep < len(nums) and nums[keep - 1] == 0:
            keep += 1
        return v >= base and list(v[:keep]) == nums[:keep]
    return False


def fits(constraint, text):
    v = version(text)
    if v is None:
        return False
    constraint = str(constraint or "*").strip()
    for part in constraint.split("||"):
        part = re.sub(r"(\S+)\s+-\s+(\S+)", r">=\1 <=\2", part.strip())
        part = re.sub(r"(=|!=|>=|=>|<=|=<|>|<|~>|~|\^)\s+", r"\1", part)
        tokens = [t for t in re.split(r"[,\s]+", part) if t]
        if all(_one(t, v) for t in tokens or ["*"]):
            return True
    return False


# ---------------------------------------------------------------- mirrors

class Repo:
    def __init__(self, name, path):
        self.name, self.path = name, str(path)

    def git(self, *args):
        return subprocess.run(["git", "--git-dir", self.path, *args], capture_output=True)

    def text(self, *args):
        return self.git(*args).stdout.decode("utf-8", "replace")

    @functools.cached_property
    def tags(self):
        out = {}
        for tag in self.text("tag").split("\n"):
            m = re.match(r"^(?:(.*?)[-/])?(v?\d+\.\d+\.\d+.*)$", tag)
            if m:
                out.setdefault((m.group(1) or "").rsplit("/", 1)[-1], []).append((m.group(2), tag))
        return out

    def roots(self, ref="HEAD"):
        """Folders of charts at a ref: no subcharts of others."""
        files = self.text("ls-tree", "-r", "--name-only", ref).split("\n")
        dirs = {os.path.dirname(f) for f in files if os.path.basename(f) == "Chart.yaml"}
        tops = []
        for d in sorted(dirs):
            parts = d.split("/")
            if any("/".join(parts[:i]) in dirs and parts[i] == "charts" for i in range(1, len(parts))):
                continue
            tops.append(d)
        return tops

    def chart_yaml(self, ref, path):
        return load(self.text("show", f"{ref}:{path}/Chart.yaml" if path else f"{ref}:Chart.yaml")) or {}

    def export(self, ref, path, dest):
        """Writes a folder of a commit; False when it is not whole."""
        done = self.git("archive", "--format=tar", f"{ref}:{path}" if path else ref)
        if done.returncode != 0:
            return False
        dest = Path(dest)
        dest.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
            try:
                tar.extractall(dest, filter="fully_trusted")
            except TypeError:
                tar.extractall(dest)
        self._links(ref, path, dest)
        return (dest / "Chart.yaml").exists()

    def _links(self, ref, path, dest):
        """Links out of the chart become copies of what they name."""
        for at in list(dest.rglob("*")):
            if not at.is_symlink():
                continue
            inside = os.path.normpath(os.path.join(path, os.path.dirname(at.relative_to(dest)), os.readlink(at)))
            at.unlink()
            if self.text("cat-file", "-t", f"{ref}:{inside}").strip() == "tree":
                self.export(ref, inside, at)
            else:
                blob = self.git("show", f"{ref}:{inside}")
                if blob.returncode == 0:
                    at.write_bytes(blob.stdout)


class World:
    def __init__(self, mirrors, out):
        self.out = Path(out)
        self.repos, self.index, self.notes = {}, {}, []
        for at in sorted(Path(mirrors).iterdir()):
            path = at / "repo" if (at / "repo").is_dir() else at
            if (path / "HEAD").exists():
                self.repos[at.name] = Repo(at.name, path)
        self.heads = []
        for repo in self.repos.values():
            for path in repo.roots():
                meta = repo.chart_yaml("HEAD", path)
                if isinstance(meta, dict) and meta.get("name"):
                    self.heads.append((repo, path, meta))
                    self.index.setdefault(str(meta["name"]), []).append((str(meta.get("version")), repo, "HEAD", path))

    def find(self, name, constraint, url, near):
        """The newest version of a chart that fits, from its own repository first."""
        owner = "bitnami+charts" if "bitnami" in url else near.name
        known = list(self.index.get(name, []))
        for repo in self.repos.values():
            paths = [p for _, r, _, p in known if r is repo] or [f"charts/{name}", f"bitnami/{name}", f"stable/{name}"]
            for ver, tag in repo.tags.get(name, []):
                known += [(ver, repo, tag, p) for p in paths]
        known = [k for k in known if fits(constraint, k[0])]
        known.sort(key=lambda k: (k[1].name == owner, version(k[0])), reverse=True)
        return known

    def vendor(self, repo, ref, path, dest, depth=0):
        """Puts every missing dependency into charts/ of an exported chart."""
        meta = load((dest / "Chart.yaml").read_text(errors="replace")) or {}
        deps = meta.get("dependencies") or []
        if (dest / "requirements.yaml").exists():
            deps = deps or (load((dest / "requirements.yaml").read_text(errors="replace")) or {}).get("dependencies") or []
        lock = {}
        for name in ("Chart.lock", "requirements.lock"):
            if (dest / name).exists():
                data = load((dest / name).read_text(errors="replace"))
                for d in (data or {}).get("dependencies") or [] if isinstance(data, dict) else []:
                    lock[(d.get("name"), d.get("repository"))] = d.get("version")
        for dep in deps:
            if not isinstance(dep, dict) or not dep.get("name"):
                continue
            name, url = str(dep["name"]), str(dep.get("repository") or "")
            have = dest / "charts" / name
            if have.exists() or list((dest / "charts").glob(f"{name}-[0-9]*.tgz")):
                continue
            if not self._one(repo, ref, path, dep, lock, have, url, depth):
                if not off(dep, dest) and repo.name != "helm+helm":
                    raise ValueError(f"no chart {name} {dep.get('version')}")
                self._stub(have, dep, dest)

    def _one(self, repo, ref, path, dep, lock, have, url, depth):
        name = str(dep["name"])
        if depth > 4:
            return False
        if url.startswith("file://"):
            inside = os.path.normpath(os.path.join(path, url[7:]))
            if repo.export(ref, inside, have):
                self.vendor(repo, ref, inside, have, depth + 1)
                return True
        locked = lock.get((dep["name"], dep.get("repository")))
        for constraint in ([locked] if locked else []) + [dep.get("version")]:
            for ver, other, tag, at in self.find(name, constraint, url, repo)[:6]:
                shutil.rmtree(have, ignore_errors=True)
                if other.export(tag, at, have):
                    self.vendor(other, tag, at, have, depth + 1)
                    return True
        shutil.rmtree(have, ignore_errors=True)
        return False

    def _stub(self, have, dep, dest):
        """A chart without templates, where nothing was found."""
        ver = next(iter(re.findall(r"\d+\.\d+\.\d+", str(dep.get("version")))), "1.0.0")
        ver = ver if fits(dep.get("version"), ver) else "999.0.0"
        have.mkdir(parents=True, exist_ok=True)
        (have / "Chart.yaml").write_text(f"apiVersion: v2\nname: {dep['name']}\nversion: {ver}\n")
        (have / "templates").mkdir()
        self.notes.append(f"stub {dep['name']} {dep.get('version')} in {dest} (condition {dep.get('condition')}, tags {dep.get('tags')})")

    def chart(self, repo, ref, path, dest):
        dest = Path(dest)
        if (dest / "Chart.yaml").exists():
            return True
        tmp = dest.with_name(dest.name + ".part")
        shutil.rmtree(tmp, ignore_errors=True)
        try:
            if not repo.export(ref, path, tmp):
                shutil.rmtree(tmp, ignore_errors=True)
                return False
            self.vendor(repo, ref, path, tmp)
        except Exception as e:  # a chart that cannot be written is left out
            self.notes.append(f"left out {repo.name} {ref} {path}: {e}")
            shutil.rmtree(tmp, ignore_errors=True)
            return False
        shutil.rmtree(dest, ignore_errors=True)
        tmp.rename(dest)
        return True


# ---------------------------------------------------------------- cases

def put(target, dotted, value):
    """helm-unittest's `a.b[0].c` keys as nested data."""
    tokens = []
    for part in re.findall(r"(?:\\.|\[[\"'][^\]]*[\"']\]|[^.\[])+|\[\d+\]|\[[^\]]+\]", dotted):
        if re.fullmatch(r"\[\d+\]", part):
            tokens.append(int(part[1:-1]))
        else:
            tokens.append(part.strip("[]").strip("\"'").replace("\\.", "."))
    for i, tok in enumerate(tokens):
        last = i + 1 == len(tokens)
        new = value if last else ([] if isinstance(tokens[i + 1], int) else {})
        if isinstance(tok, int):
            while len(target) <= tok:
                target.append(None)
            if last or not isinstance(target[tok], (dict, list)):
                target[tok] = new
            target = target[tok]
        else:
            old = target.get(tok)
            if last and isinstance(old, dict) and isinstance(value, dict):
                merge(old, value)
            elif last or not isinstance(old, (dict, list)):
                target[tok] = new
            target = target[tok]


def off(dep, dest):
    """Whether the default values switch a dependency off."""
    at = dest / "values.yaml"
    values = load(at.read_text(errors="replace")) if at.exists() else None
    for path in str(dep.get("condition") or "").split(","):
        node = values
        for key in path.strip().split("."):
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, bool):
            return not node
    tags = values.get("tags") if isinstance(values, dict) else None
    flags = [tags.get(t) for t in dep.get("tags") or [] if isinstance(tags, dict) and isinstance(tags.get(t), bool)]
    return bool(flags) and not any(flags)


def merge(a, b):
    for k, v in b.items():
        if isinstance(v, dict) and isinstance(a.get(k), dict):
            merge(a[k], v)
        else:
            a[k] = json.loads(json.dumps(v))
    return a


def flip(data, depth=0):
    """The booleans alone, each turned round."""
    out = {}
    if depth > 8 or not isinstance(data, dict):
        return out
    for k, v in data.items():
        if isinstance(v, bool):
            out[str(k)] = not v
        elif isinstance(v, dict):
            sub = flip(v, depth + 1)
            if sub:
                out[str(k)] = sub
    return out


class Cases:
    def __init__(self, world):
        self.world, self.dir = world, world.out / "values"
        self.dir.mkdir(parents=True, exist_ok=True)

    def case(self, ident, source, chart, values=(), **more):
        base = {"id": ident, "source": source, "chart": str(chart), "values": [str(v) for v in values], "set": [],
                "kube_version": "v1.30.0", "api_versions": [], "release": "rel", "namespace": "ns", "is_upgrade": False,
                "compat": "4", "holdout": False}
        base.update(more)
        return base

    def write(self, ident, data):
        at = self.dir / (re.sub(r"[^A-Za-z0-9_.@-]+", "_", ident) + ".yaml")
        at.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True) if data else "{}\n")
        return at

    def of(self, ident, source, chart, heavy):
        yield self.case(ident, source, chart)
        yield self.case(f"{ident}@upgrade", source, chart, is_upgrade=True)
        for kube in ("v1.22.0", "v1.33.0"):
            yield self.case(f"{ident}@{kube}", source, chart, kube_version=kube)
        files = [f for f in sorted(chart.rglob("*.y*ml")) if self._values_file(chart, f)]
        for f in files[: 4 if heavy else 16]:
            yield self.case(f"{ident}@{f.relative_to(chart)}", source, chart, [f])
        yield from self.flips(ident, source, chart, 2 if heavy else 6)
        if not heavy:
            yield from self.unittests(ident, source, chart)

    def _values_file(self, chart, f):
        rel = f.relative_to(chart)
        if "charts" in rel.parts or "templates" in rel.parts or "tests" in rel.parts or str(rel) == "values.yaml":
            return False
        if not ("values" in f.name or set(rel.parts[:-1]) & {"ci", "examples", "example", "values"}):
            return False
        data = load(f.read_text(errors="replace"))
        return isinstance(data, dict) and bool(data) and not ("apiVersion" in data and "kind" in data)

    def flips(self, ident, source, chart, limit):
        at = chart / "values.yaml"
        data = flip(load(at.read_text(errors="replace"))) if at.exists() else {}
        if not data:
            return
        yield self.case(f"{ident}@flip", source, chart, [self.write(f"{ident}@flip", data)])
        if len(data) > 1:
            for key in list(data)[:limit]:
                name = f"{ident}@flip.{key}"
                yield self.case(name, source, chart, [self.write(name, {key: data[key]})])

    def unittests(self, ident, source, chart, limit=24):
        seen, n = set(), 0
        for f in sorted((chart / "tests").rglob("*.y*ml")) + sorted((chart / "unittests").rglob("*.y*ml")):
            for suite in load_all(f.read_text(errors="replace")):
                if not isinstance(suite, dict) or not isinstance(suite.get("tests"), list):
                    continue
                for test in suite["tests"]:
                    made = self._test(suite, test, f) if isinstance(test, dict) else None
                    if made is None or n >= limit:
                        continue
                    key = json.dumps(made[1:] + ([str(x) for x in made[0]],), sort_keys=True, default=str)
                    if key in seen:
                        continue
                    seen.add(key)
                    n += 1
                    name = f"{ident}@unit{n}"
                    values = list(made[0])
                    if made[1]:
                        values.append(self.write(name, made[1]))
                    yield self.case(name, source, chart, values, **made[2])

    def _test(self, suite, test, at):
        files, data, more = [], {}, {}
        try:
            for level in (suite, test):
                for v in level.get("values") or []:
                    path = (at.parent / str(v)).resolve()
                    if not path.is_file():
                        return None
                    files.append(path)
                for k, v in (level.get("set") or {}).items():
                    put(data, str(k), json.loads(json.dumps(v)))
                caps = level.get("capabilities") or {}
                if caps.get("majorVersion") is not None and caps.get("minorVersion") is not None:
                    more["kube_version"] = f"v{caps['majorVersion']}.{caps['minorVersion']}.0"
                if caps.get("apiVersions"):
                    more["api_versions"] = [str(a) for a in caps["apiVersions"]]
                rel = level.get("release") or {}
                if rel.get("name"):
                    more["release"] = str(rel["name"])
                if rel.get("namespace"):
                    more["namespace"] = str(rel["namespace"])
                if rel.get("upgrade") or rel.get("isUpgrade"):
                    more["is_upgrade"] = True
        except Exception:
            return None
        return files, data, more


def size(chart):
    return sum(f.stat().st_size for f in Path(chart).rglob("*") if f.is_file() and not f.is_symlink())


def slug(path):
    return path.replace("/", "~") or "root"


def heads(world, only):
    for repo, path, meta in world.heads:
        source = repo.name.replace("+", "/")
        if only and only not in source:
            continue
        dest = world.out / "charts" / repo.name / slug(path)
        if world.chart(repo, "HEAD", path, dest):
            yield source, dest, f"{source}:{path}"
    repo = world.repos.get("helm+helm")  # the packed test charts of Helm itself
    if repo and (not only or only in "helm/helm"):
        for f in repo.text("ls-tree", "-r", "--name-only", "HEAD").split("\n"):
            if f.endswith(".tgz") and "testdata" in f:
                dest = world.out / "charts" / repo.name / slug(f)
                dest.parent.mkdir(parents=True, exist_ok=True)
                dest.write_bytes(repo.git("show", f"HEAD:{f}").stdout)
                yield "helm/helm", dest, f"helm/helm:{f}"


def chains(world, per_chart, only):
    """For each chart its newest tagged versions, oldest first."""
    for repo, path, meta in world.heads:
        source, name = repo.name.replace("+", "/"), str(meta["name"])
        if only and only not in source or repo.name == "helm+helm":
            continue
        tags = repo.tags.get(name) or (repo.tags.get("") if sum(r is repo for r, _, _ in world.heads) <= 8 else None) or []
        tags = [t for t in tags if version(t[0]) and version(t[0])[3] == 1]
        tags.sort(key=lambda t: version(t[0]))
        found, last = [], None
        for ver, tag in reversed(tags):
            if len(found) > per_chart:
                break
            own = repo.chart_yaml(tag, path)
            own = str(own.get("version")) if isinstance(own, dict) else "None"
            if own == last or own == "None":
                continue
            dest = world.out / "versions" / repo.name / slug(path) / slug(tag)
            if world.chart(repo, tag, path, dest):
                found.append((own, dest))
                last = own
        yield source, path, list(reversed(found))


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--mirrors", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--versions", type=int, default=3, help="bumps per chart in the hold-out set")
    ap.add_argument("--part", choices=["all", "heads", "versions"], default="all")
    ap.add_argument("--only", default="", help="part of OWNER/NAME")
    a = ap.parse_args()
    world = World(a.mirrors, a.out)
    cases, made = Cases(world), []
    if a.part != "versions":
        for source, chart, ident in heads(world, a.only):
            n = size(chart) if chart.is_dir() else chart.stat().st_size
            if chart.is_dir():
                made += [(n, c) for c in cases.of(ident, source, chart, n > 2_000_000)]
            else:
                made.append((n, cases.case(ident, source, chart)))
        write(world.out / "cases.heads.jsonl", [c for _, c in sorted(made, key=lambda m: m[0])])
    if a.part != "heads":
        pairs, held = [], []
        for source, path, chain in chains(world, a.versions, a.only):
            for own, dest in chain:
                held.append(cases.case(f"{source}:{path}#{own}", source, dest, holdout=True))
            for (v1, d1), (v2, d2) in zip(chain, chain[1:]):
                pairs.append({"id": re.sub(r"[^A-Za-z0-9_.-]+", "_", f"{source}~{path}~{v1}~{v2}"), "chart": f"{source}:{path}",
                              "from": str(d1), "to": str(d2), "values": []})
            write(world.out / "pairs.jsonl", pairs)
        write(world.out / "cases.versions.jsonl", held)
    rows = []
    for part in ("heads", "versions"):
        at = world.out / f"cases.{part}.jsonl"
        rows += at.read_text().splitlines() if at.exists() else []
    (world.out / "cases.jsonl").write_text("\n".join(rows) + "\n")
    with open(world.out / "notes.txt", "a") as f:
        f.write("\n".join(world.notes) + "\n")
    print(f"{len(rows)} cases, {len(world.notes)} notes", file=sys.stderr)


def write(path, rows):
    tmp = Path(str(path) + ".part")
    tmp.write_text("".join(json.dumps(r) + "\n" for r in rows))
    tmp.rename(path)


if __name__ == "__main__":
    main()
