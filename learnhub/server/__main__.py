"""`python -m learnhub.server`: the site as a service. It prepares nothing; docs/operators.md says what to do before."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import config
from learnhub.doctor import service as doctor
from learnhub.server.claims import Address, Taken, claim_instance_folder, listen
from learnhub.server.programs import site
from learnhub.server.supervisor import supervise


def main(words: Sequence[str] | None = None) -> int:
    """Serve the site at the address that `words` give until it is stopped; returns the exit code."""
    asked = _parser().parse_args(words)
    settings = config.from_environment()
    doctor.refuse_unsafe_start(settings)
    try:
        with claim_instance_folder(settings.instance_folder), listen(_address(asked)) as listener:
            return supervise(site(settings, listener, with_jobs=not asked.without_jobs))
    except Taken as taken:
        raise SystemExit(f"LearnHub cannot start: {taken}.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m learnhub.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen at (default: 8000)")
    parser.add_argument("--unix-socket", type=Path, help="listen at this path instead, for a proxy on this machine")
    parser.add_argument("--without-jobs", action="store_true", help="no jobs worker; `flask jobs work` runs elsewhere")
    return parser


def _address(asked: argparse.Namespace) -> Address:
    return Address(asked.host, asked.port, asked.unix_socket)


if __name__ == "__main__":
    sys.exit(main())
