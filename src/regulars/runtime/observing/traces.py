"""Traces for OpenTelemetry: a span per request and per transaction, off unless asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import regulars
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.database import Database, Transaction
from regulars.surfaces.api.answers import Answer
from regulars.surfaces.api.front.addresses import Addresses
from regulars.surfaces.api.front.asgi import Front
from regulars.surfaces.api.front.desk import Desk
from regulars.surfaces.api.front.request import Request
from regulars.surfaces.api.operations.table import OPERATIONS


def provider_of(settings: Settings) -> Any:
    """What makes and sends spans, or None where no traces are asked for.

    Refuses: an installation without the packages, which are an extra.
    """
    if settings.traces is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SetupProblem(
            "REGULARS_TRACES is set, but OpenTelemetry is not installed.",
            "Run `pip install regulars[traces]`, or unset REGULARS_TRACES.",
        ) from None
    resource = Resource.create(
        {"service.name": "regulars", "service.version": regulars.__version__}
    )
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=f"{settings.traces.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def trace_front(front: Front, provider: Any) -> None:
    """Have each request of the API in a span of its own."""
    front.desk = cast(Desk, TracedDesk(front.desk, provider.get_tracer("regulars")))


class TracedDesk:
    """The API, each answer in a span named by its operation."""

    def __init__(self, desk: Any, tracer: Any) -> None:
        self._answer = desk.answer
        self._tracer = tracer
        self._addresses = Addresses(OPERATIONS)

    async def answer(self, request: Request) -> Answer | None:
        """The answer of the API; who asked and for whom stays out of the span."""
        from opentelemetry.trace import SpanKind, Status, StatusCode

        found = self._addresses.find(request.path)
        if found is None:
            return cast("Answer | None", await self._answer(request))
        operation = found[0].operations.get(request.method)
        name = operation.name if operation is not None else "other"
        with self._tracer.start_as_current_span(name, kind=SpanKind.SERVER) as span:
            span.set_attribute("http.request.method", request.method)
            if operation is not None:
                span.set_attribute("http.route", operation.path)
            answer: Answer | None = await self._answer(request)
            if answer is not None:
                span.set_attribute("http.response.status_code", answer.status)
                if answer.status >= 500:
                    span.set_status(Status(StatusCode.ERROR))
            return answer


class TracedDatabase(Database):
    """A database whose transactions are spans: from BEGIN to what COMMIT answered."""

    def __init__(self, database: Database, provider: Any) -> None:
        super().__init__(database.pool, database.clock, database.ids, database.ahead)
        self._tracer = provider.get_tracer("regulars")

    @asynccontextmanager
    async def transaction(self, program_id: int) -> AsyncIterator[Transaction]:
        with self._tracer.start_as_current_span("transaction") as span:
            span.set_attribute("db.system.name", "postgresql")
            span.set_attribute("regulars.program_id", program_id)
            async with super().transaction(program_id) as tx:
                yield tx
