"""The server's parent: what dies is started again, nothing outlives it, and stopping loses nothing in hand."""

import os
import signal
import threading
from pathlib import Path

import pytest

from tests.server.running import Server, becomes_true, free_port, small


def is_alive(process: int) -> bool:
    """Whether it runs; one that is dead but not yet waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_process_is_started_again() -> None:
    with small() as server:
        before = server.children()
        for each in before:
            os.kill(each, signal.SIGKILL)
        assert becomes_true(lambda: len(server.children() - before) == 2)
        assert int(server.answers()) not in before


def test_without_the_parents_care_nobody_answers_any_more() -> None:
    """The twin: its processes are not started again."""
    with small("not again") as server:
        os.kill(min(server.children()), signal.SIGKILL)
        assert becomes_true(lambda: server.process.poll() is not None)


@pytest.mark.long
def test_processes_killed_ten_times_in_a_minute_serve_everybody_again_within_ten_seconds() -> None:
    with small() as server:
        for _ in range(10):
            for each in server.children():
                os.kill(each, signal.SIGKILL)
            server.answers(seconds=10)


def test_no_process_outlives_its_parent() -> None:
    with small() as server:
        children = server.children()
        server.process.kill()
        assert len(children) == 2 and becomes_true(lambda: not any(is_alive(each) for each in children))
        again = Server(["-m", "tests.server.small", str(server.port), "", ""], server.port)
        again.answers()
        again.stop()


def test_without_the_bond_they_go_on_as_orphans() -> None:
    """The twin: the kernel is not asked to end them."""
    with small("orphans") as server:
        children = server.children()
        server.process.kill()
        server.process.wait()
        try:
            assert not becomes_true(lambda: not any(is_alive(each) for each in children), seconds=1)
        finally:
            for each in children:
                os.kill(each, signal.SIGKILL)


def test_stopping_finishes_what_is_in_hand() -> None:
    with small() as server:
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(server.get("/slow")))
        asking.start()
        assert not becomes_true(lambda: bool(answers), seconds=0.3)
        code, printed = server.stop()
        asking.join()
        assert code == 0 and len(answers) == 1 and "killed" not in printed


def test_a_taken_port_is_refused_with_one_line() -> None:
    with small() as server:
        second = Server(["-m", "tests.server.small", str(server.port), "", ""], server.port)
        printed = second.process.communicate()[0]
        assert second.process.returncode == 1
        assert printed.count("\n") == 1 and str(server.port) in printed and "make run PORT=" in printed
        assert server.answers()


def test_a_child_that_always_fails_is_tried_for_ever_but_not_all_the_time(tmp_path: Path) -> None:
    """Quick at first, then slower and slower; the last waiting is bounded."""
    program = (
        "import time\nfrom learnhub.server.supervisor import Program, supervise\n"
        f"supervise([Program('broken', lambda: open({str(tmp_path / 'tries')!r}, 'a').write('x') and 1 / 0)])"
    )
    server = Server(["-c", program], free_port())
    tries = tmp_path / "tries"
    try:
        assert becomes_true(lambda: tries.exists() and tries.stat().st_size >= 5)
        assert server.process.poll() is None and tries.stat().st_size < 20
    finally:
        _code, printed = server.stop()
    assert "broken ended (exit code 1) and is started again in 0.1 s" in printed
