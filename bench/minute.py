"""Many phones within one minute: what each was answered, and how long it took."""

import asyncio
import dataclasses
import re
import statistics
import time
from collections.abc import Awaitable, Callable

SECONDS = 60.0
MOST_TRIES = 5


@dataclasses.dataclass
class Outcome:
    """Milliseconds of what was answered, and what went wrong."""

    times: list[float] = dataclasses.field(default_factory=list)
    wrong: list[str] = dataclasses.field(default_factory=list)
    asked_again: int = 0

    def percentile(self, number: int) -> float:
        """Milliseconds within which `number` of a hundred were answered."""
        return statistics.quantiles(self.times, n=100)[number - 1]

    def line(self, name: str) -> str:
        """As it is printed."""
        cuts = (f"p{number} {self.percentile(number):.0f} ms" for number in (50, 95, 99))
        return (
            f"{name}: {len(self.times)} answered, {len(self.wrong)} wrong, {self.asked_again} times 503 and asked again, "
            f"{', '.join(cuts)}, "
            f"longest {max(self.times):.0f} ms"
        )


async def evenly(count: int, send: Callable[[int], Awaitable[None]], seconds: float = SECONDS) -> None:
    """`send` with each number below `count`, evenly over the time, whether or not the ones before have ended."""
    begun = time.perf_counter()

    async def one(number: int) -> None:
        await asyncio.sleep(max(0.0, begun + number * seconds / count - time.perf_counter()))
        await send(number)

    await asyncio.gather(*(one(number) for number in range(count)))


async def ask(port: int, outcome: Outcome, sent: bytes, status: int) -> None:
    """Send one request on a connection of its own, and note how it went; any other status is wrong.

    After a 503 it is sent again when the answer says, a few times, as pages do; the time goes on meanwhile.
    """
    started = time.perf_counter()
    line = sent.partition(b"\r\n")[0].decode()
    for _ in range(MOST_TRIES):
        try:
            answer = await _answer(port, sent)
        except OSError as error:
            outcome.wrong.append(f"{line}: {error}")
            return
        if answer[9:12] != b"503":
            break
        outcome.asked_again += 1
        after = re.search(rb"(?i)^retry-after: (\d+)", answer, re.M)
        await asyncio.sleep(int(after[1]) if after else 1)
    if answer[9:12] != str(status).encode():
        outcome.wrong.append(f"{line}: {answer[9:12].decode() or 'nothing'}")
    outcome.times.append((time.perf_counter() - started) * 1000)


async def _answer(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
    answer = await reader.read()
    writer.close()
    return answer
