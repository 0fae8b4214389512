"""Counters in the form that Prometheus reads; nothing of a request but its route and status."""

from collections import Counter
from collections.abc import Mapping

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds."""


class Metrics:
    """What happened since the process began. Used from one thread."""

    def __init__(self) -> None:
        self._answers: Counter[tuple[str, int]] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._count: Counter[str] = Counter()
        self._seconds: Counter[str] = Counter()
        self._repeats = 0

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._answers[route, status] += 1
        self._count[route] += 1
        self._seconds[route] += seconds  # type: ignore[assignment]  # a Counter adds what it is given
        for bound in BOUNDS:
            if seconds <= bound:
                self._within[route, bound] += 1

    def repeated(self) -> None:
        """Count a webhook that had come before."""
        self._repeats += 1

    def text(self, gauges: Mapping[str, float]) -> str:
        """All of it, with what is measured at this moment."""
        lines = ["# TYPE gateway_requests_total counter"]
        for (route, status), count in sorted(self._answers.items()):
            lines.append(f'gateway_requests_total{{route="{route}",status="{status}"}} {count}')
        lines.append("# TYPE gateway_request_seconds histogram")
        for route, count in sorted(self._count.items()):
            lines += [
                f'gateway_request_seconds_bucket{{route="{route}",le="{bound}"}} '
                f"{self._within[route, bound]}"
                for bound in BOUNDS
            ]
            lines.append(f'gateway_request_seconds_bucket{{route="{route}",le="+Inf"}} {count}')
            lines.append(
                f'gateway_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}'
            )
            lines.append(f'gateway_request_seconds_count{{route="{route}"}} {count}')
        lines.append("# TYPE gateway_webhook_repeats_total counter")
        lines.append(f"gateway_webhook_repeats_total {self._repeats}")
        for name, value in gauges.items():
            lines += [f"# TYPE gateway_{name} gauge", f"gateway_{name} {value:g}"]
        return "\n".join([*lines, ""])
