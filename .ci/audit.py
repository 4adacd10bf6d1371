"""Look the locked versions up in the list of known vulnerabilities; say so where nobody answers.

python .ci/audit.py PIP_AUDIT LOCK: 1 when a version is vulnerable, 0 otherwise, also when nothing could be looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

#: Seconds for the whole of it, and for each answer.
_LONGEST, _ANSWER = 300, 15
_NOT_AUDITED = "pip-audit: the index does not answer; not audited"


def main(pip_audit: str, lock: str) -> int:
    """Run pip-audit and say what came of it."""
    if not Path(pip_audit).exists():
        return _say(f"{_NOT_AUDITED} (pip-audit cannot be installed)")
    asked = [pip_audit, "--requirement", lock, "--disable-pip", "--require-hashes", "--format", "json"]
    asked += ["--progress-spinner", "off", "--timeout", str(_ANSWER)]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=_LONGEST, check=False)
        found = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _say(f"{_NOT_AUDITED} (nothing within {_LONGEST} seconds)")
    except (ValueError, KeyError):
        return _say(f"{_NOT_AUDITED} ({(done.stderr.strip().splitlines() or ['no reason given'])[-1]})")
    return tell(found)


def tell(found: list[dict[str, Any]]) -> int:
    """Say what pip-audit found out about each version."""
    audited = [each for each in found if "skip_reason" not in each]
    if not audited:
        return _say(f"{_NOT_AUDITED} ({len(found)} versions are unknown to it)")
    bad = [(each, vuln) for each in audited for vuln in each["vulns"]]
    for each, vuln in bad:
        mended = ", ".join(vuln.get("fix_versions") or []) or "no version yet"
        _say(f"{each['name']} {each['version']}: {vuln['id']}, mended in {mended}")
    _say(f"pip-audit: {len(audited)} of {len(found)} versions looked up, {len(bad)} known vulnerabilities")
    return 1 if bad else 0


def _say(text: str) -> int:
    print(text)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
