"""Figures of the running server, kept as plain numbers and shown in Prometheus' text format."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from server.desk.commands import Command
from server.desk.decision import Decision, Refused

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Histogram:
    """Counts of seconds in fixed buckets."""

    __slots__ = ("counts", "sum")

    def __init__(self) -> None:
        self.counts = [0] * (len(_SECONDS) + 1)
        self.sum = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect_left(_SECONDS, seconds)] += 1
        self.sum += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulative counts, as Prometheus wants them."""
        total, out = 0, []
        for bound, count in zip((*_SECONDS, float("inf")), self.counts, strict=True):
            total += count
            out.append(("+Inf" if bound == float("inf") else str(bound), float(total)))
        return out


class Metrics:
    """Counted where it happens, by plain additions: a message pays well under a microsecond for it."""

    def __init__(self) -> None:
        self.commands: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.handshakes: Counter[str] = Counter()
        self.closes: Counter[str] = Counter()
        self.mails: Counter[str] = Counter()
        self.commit = Histogram()
        self.answer = Histogram()
        self.stored = 0
        #: Sizes asked for when the figures are read: name -> value.
        self.gauges: Callable[[], dict[str, float]] = dict
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def committed(self, commands: int, seconds: float) -> None:
        """One transaction stored this many commands in this time."""
        self.stored += commands
        self.commit.add(seconds)

    def decided(self, command: Command, decision: Decision, seconds: float) -> None:
        """A command was answered this long after it came in."""
        self.commands[type(command).__name__] += 1
        if isinstance(decision, Refused):
            self.refusals[decision.error.code] += 1
        self.answer.add(seconds)

    def collect(self) -> Iterator[Metric]:
        """Called by prometheus_client."""
        for name, help_text, label, counts in (
            ("commands", "Commands answered", "kind", self.commands),
            ("refusals", "Commands refused", "code", self.refusals),
            ("handshakes", "Connections asked for", "outcome", self.handshakes),
            ("closes", "Connections closed by the server", "reason", self.closes),
            ("mails", "Mails accepted or refused for good, and tries that failed", "outcome", self.mails),
        ):
            counter = CounterMetricFamily("supportterm_" + name, help_text, labels=[label])
            for value, count in sorted(counts.items()):
                counter.add_metric([value], count)
            yield counter
        yield CounterMetricFamily("supportterm_stored_commands", "Commands stored", value=self.stored)
        for name, help_text, histogram in (
            ("commit_seconds", "Seconds of one transaction", self.commit),
            ("answer_seconds", "Seconds from a command's arrival to its answer", self.answer),
        ):
            family = HistogramMetricFamily("supportterm_" + name, help_text)
            family.add_metric([], histogram.buckets(), histogram.sum)
            yield family
        for name, size in sorted(self.gauges().items()):
            yield GaugeMetricFamily("supportterm_" + name, name.replace("_", " "), value=size)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)
