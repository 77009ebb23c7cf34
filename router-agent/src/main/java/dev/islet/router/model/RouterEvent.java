package dev.islet.router.model;

import dev.islet.core.trace.TraceEvent;

/** Everything the router tells: about routes, about RIP messages, about the kernel. */
public sealed interface RouterEvent extends TraceEvent permits RouteEvent, RipEvent, KernelEvent {}
