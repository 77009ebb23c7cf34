/**
 * What every service is: its one-way life, where it listens and keeps things, how it takes a new
 * configuration, and what it says when it cannot start.
 *
 * <p>A start goes through {@link dev.islet.core.service.Lifecycle}: each thing opened is held, and
 * closed in reverse when the service ends or the start fails half-way.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.service;
